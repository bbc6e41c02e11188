// What the list of conversations and the bar above one do.

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { keys } from '#bridge/keys.ts';
import type { Timeline } from '#bridge/timeline.ts';
import type { LevelChoice } from '#text/levels.ts';

/** Everything in a conversation counts as read, or its last message as unread again: on all devices. */
export function useReadMarks() {
  const host = useHost();
  // The list tells what became of it; a mark that could not be kept leaves the list as it is.
  const markRead = useCallback(
    (row: ConversationRow) => void host.markRead(row.id, row.ordinal).catch(() => undefined),
    [host],
  );
  const markUnread = useCallback(
    (row: ConversationRow) => void host.markUnread(row.id, row.ordinal).catch(() => undefined),
    [host],
  );
  return { markRead, markUnread };
}

/** What the person is told of this conversation, on all their devices. What could not be kept leaves the list as it is. */
export function useSetLevel(conversation: ConversationId): (level: LevelChoice) => void {
  const host = useHost();
  return useCallback(
    (level) => void host.setLevel(conversation, level === 'usual' ? null : level).catch(() => undefined),
    [host, conversation],
  );
}

/** Pinned messages, asked for again as soon as something on the screen is pinned or unpinned. */
export function usePins(conversation: ConversationId) {
  const host = useHost();
  const timeline = useQuery<Timeline>({ queryKey: keys.timeline(conversation), enabled: false }).data;
  const shown = timeline === undefined ? '' : pinnedIn(timeline).join(' ');
  const pins = useQuery({
    queryKey: pinsKey(conversation),
    queryFn: () => host.pinnedMessages(conversation),
    staleTime: 0,
  });
  const { refetch } = pins;
  const known = useRef(shown);
  useEffect(() => {
    if (known.current !== shown) {
      known.current = shown;
      void refetch();
    }
  }, [shown, refetch]);
  return pins;
}

const pinsKey = (conversation: ConversationId) => ['pins', conversation] as const;

/** What is pinned of what the window holds, and what it says. */
function pinnedIn(timeline: Timeline): string[] {
  return [...timeline.items, ...(timeline.away?.items ?? [])].flatMap((item) =>
    item.item === 'message' && item.pinned && !item.pending ? [`${item.seq}:${item.edited_at ?? 0}`] : [],
  );
}

export function useUnpin(conversation: ConversationId): (seq: number) => void {
  const { acts, client } = useLiveCache();
  return useCallback(
    (seq: number) => {
      client.setQueryData<MessageView[]>(pinsKey(conversation), (pins) => pins?.filter((pin) => pin.seq !== seq));
      void acts.act(conversation, seq, { act: 'pin', on: false });
    },
    [acts, client, conversation],
  );
}
