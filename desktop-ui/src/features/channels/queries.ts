// What the dialogs and the pane about channels read and do.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { Visibility } from '#bridge/generated/Visibility.ts';
import { keys } from '#bridge/keys.ts';
import type { LevelChoice } from '#text/levels.ts';

export function useFoundChannels(query: string) {
  const host = useHost();
  return useQuery({
    queryKey: ['found-channels', query],
    queryFn: () => host.findChannels(query),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
}

export function useCreateChannel(onCreated: (conversation: ConversationId) => void) {
  const host = useHost();
  const live = useLiveCache();
  return useMutation({
    mutationFn: (channel: { name: string; visibility: Visibility }) =>
      host.createChannel(channel.name, channel.visibility),
    onSuccess: (row) => {
      live.knows(row);
      onCreated(row.id);
    },
  });
}

export function useJoinChannel(onJoined: (conversation: ConversationId) => void) {
  const host = useHost();
  return useMutation({
    mutationFn: (conversation: ConversationId) => host.joinChannel(conversation),
    onSuccess: (_, conversation) => onJoined(conversation),
  });
}

export function useMembers(row: ConversationRow) {
  const host = useHost();
  return useQuery({
    queryKey: keys.members(row.id),
    queryFn: () => host.channelMembers(row.id),
    enabled: row.kind === 'channel',
    staleTime: 30_000,
  });
}

export function useRenameChannel(conversation: ConversationId, onRenamed: () => void) {
  const host = useHost();
  return useMutation({
    mutationFn: (name: string) => host.renameChannel(conversation, name),
    onSuccess: onRenamed,
  });
}

export function useSetTopic(conversation: ConversationId, onSet: () => void) {
  const host = useHost();
  return useMutation({ mutationFn: (topic: string) => host.setTopic(conversation, topic), onSuccess: onSet });
}

export function useArchive(conversation: ConversationId, onDone?: () => void) {
  const host = useHost();
  return useMutation({
    mutationFn: (on: boolean) => host.setArchived(conversation, on),
    ...(onDone === undefined ? {} : { onSuccess: onDone }),
  });
}

/** What the person is told of this conversation, on all their devices. */
export function useSetLevel(conversation: ConversationId) {
  const host = useHost();
  return useMutation({
    mutationFn: (level: LevelChoice) => host.setLevel(conversation, level === 'usual' ? null : level),
  });
}

export function useLeaveChannel(conversation: ConversationId, onLeft: () => void) {
  const host = useHost();
  return useMutation({ mutationFn: () => host.leaveChannel(conversation), onSuccess: onLeft });
}

export function useRemoveMember(conversation: ConversationId, onRemoved: () => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (person: UserId) => host.removeMember(conversation, person),
    onSuccess: onRemoved,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.members(conversation) }),
  });
}
