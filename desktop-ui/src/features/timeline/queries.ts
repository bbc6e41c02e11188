// What the timeline reads and does.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { TimelinePage } from '#bridge/generated/TimelinePage.ts';
import { keys } from '#bridge/keys.ts';
import { home, rested, withEarlier, withLater, type Timeline } from '#bridge/timeline.ts';

export function useTimeline(conversation: ConversationId) {
  const live = useLiveCache();
  const queries = useQueryClient();
  useEffect(
    () => () => {
      queries.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && rested(held));
    },
    [queries, conversation],
  );
  return useQuery({
    queryKey: keys.timeline(conversation),
    queryFn: () => live.loadTimeline(conversation),
  });
}

/** A page at an edge of what is loaded. After a failure only a press tries again. */
export interface PageState {
  loading: boolean;
  failed: boolean;
  /** Loads by itself, as the edge comes near. */
  load: (from: number) => void;
  retry: (from: number) => void;
}

/** Loads the page before the first entry on screen. */
export function useEarlier(conversation: ConversationId): PageState {
  const host = useHost();
  return usePage(conversation, (before) => host.earlier(conversation, before), withEarlier);
}

/** Loads the page after the last entry on screen, where that is not the end. */
export function useLater(conversation: ConversationId): PageState {
  const host = useHost();
  return usePage(conversation, (after) => host.later(conversation, after), withLater);
}

function usePage(
  conversation: ConversationId,
  fetch: (from: number) => Promise<TimelinePage>,
  join: (held: Timeline, page: TimelinePage) => Timeline,
): PageState {
  const queries = useQueryClient();
  const { mutate, isPending, isError } = useMutation({
    mutationFn: fetch,
    onSuccess: (page) => queries.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && join(held, page)),
  });
  /** From where it was asked for last: looks come faster than drawings. */
  const asked = useRef<number | null>(null);
  return useMemo(() => {
    const retry = (from: number) => {
      asked.current = from;
      mutate(from);
    };
    const load = (from: number) => {
      if (asked.current !== from) {
        retry(from);
      }
    };
    return { loading: isPending, failed: isError, load, retry };
  }, [isPending, isError, mutate]);
}

/** Back to the end of the conversation, from wherever a link or a quote led. */
export function useHome(conversation: ConversationId): () => void {
  const queries = useQueryClient();
  return useCallback(
    () => void queries.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && home(held)),
    [queries, conversation],
  );
}

export function useMarkRead(conversation: ConversationId): (ordinal: number) => void {
  const host = useHost();
  return useCallback(
    (ordinal: number) => {
      // A read mark that could not be kept is made again by the next look at the conversation.
      host.markRead(conversation, ordinal).catch(() => undefined);
    },
    [host, conversation],
  );
}

export function useRetry() {
  const host = useHost();
  return useMutation({ mutationFn: (clientId: string) => host.retryMessage(clientId) });
}

export function useDiscard() {
  const host = useHost();
  return useMutation({ mutationFn: (clientId: string) => host.discardMessage(clientId) });
}
