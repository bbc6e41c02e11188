// What the composer does: sends, and keeps drafts.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { failureOf } from '#bridge/host.ts';
import { keys } from '#bridge/keys.ts';
import type { Timeline } from '#bridge/timeline.ts';

/** Shows the message at once and hands it to the host; `onRefused` gets the text back if the host cannot keep it. */
export function useSend(conversation: ConversationId, onRefused: (body: string, error: unknown) => void) {
  const live = useLiveCache();
  return useCallback(
    (body: string) => {
      live.sends.send(conversation, body).catch((error: unknown) => onRefused(body, error));
    },
    [live, conversation, onRefused],
  );
}

export function useJoin(conversation: ConversationId) {
  const host = useHost();
  return useCallback(() => host.joinChannel(conversation), [host, conversation]);
}

/** Keeps the draft where it survives: in the window for switching back, on disk for the next start. */
export function useSaveDraft(conversation: ConversationId) {
  const queries = useQueryClient();
  const host = useHost();
  return useCallback(
    (draft: string) => {
      queries.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && { ...held, draft });
      host.saveDraft(conversation, draft).catch((error: unknown) => {
        if (failureOf(error) === null) {
          throw error;
        }
      });
    },
    [queries, host, conversation],
  );
}
