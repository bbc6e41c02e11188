// What the timeline reads and does.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { keys } from '#bridge/keys.ts';
import { rested, withEarlier, type Timeline } from '#bridge/timeline.ts';

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

/** Loads the page before the first entry that is held. */
export function useEarlier(conversation: ConversationId) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (before: number) => host.earlier(conversation, before),
    onSuccess: (page) =>
      queries.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && withEarlier(held, page)),
  });
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
