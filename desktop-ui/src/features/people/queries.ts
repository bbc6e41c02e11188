// What the dialogs about people read and do.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { keys } from '#bridge/keys.ts';
import type { Timeline } from '#bridge/timeline.ts';

/** People found by another press of a key are good for this long. */
const FRESH_MS = 10_000;

export function useFoundPeople(query: string) {
  const host = useHost();
  return useQuery({
    queryKey: ['found-people', query],
    queryFn: async () => (await host.findPeople(query)).filter((person) => person.active),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
  });
}

export function useStartConversation(onStarted: (conversation: ConversationId) => void) {
  const host = useHost();
  const live = useLiveCache();
  return useMutation({
    mutationFn: (people: UserId[]) => host.startConversation(people),
    onSuccess: (row) => {
      live.knows(row);
      onStarted(row.id);
    },
  });
}

/** Adds one after the other, and stops at the first that is refused. */
export function useAddMembers(conversation: ConversationId, onAdded: () => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (people: readonly PersonView[]) => {
      for (const person of people) {
        await host.addMember(conversation, person.id);
      }
    },
    onSuccess: onAdded,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.members(conversation) }),
  });
}

export function useSignOut() {
  const host = useHost();
  return useMutation({ mutationFn: () => host.signOut() });
}

/** How many messages would be lost by signing out, as far as the window knows. */
export function useUnsentCount(unsentOffline: number): number {
  const queries = useQueryClient();
  const held = queries
    .getQueriesData<Timeline>({ queryKey: keys.timelines })
    .reduce((sum, [, timeline]) => sum + (timeline?.pending.length ?? 0) + (timeline?.sending.length ?? 0), 0);
  return Math.max(unsentOffline, held);
}
