// What the composer does: sends in the order of the key presses, and keeps drafts.

import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { failureOf, type Host } from '#bridge/host.ts';
import { keys } from '#bridge/keys.ts';
import { accepted, withoutSend, withSend, type Timeline } from '#bridge/timeline.ts';

/** The host gets one message of a conversation at a time, so that they stay in order. */
const queues = new Map<ConversationId, Promise<unknown>>();
let sends = 0;

export interface Sending {
  queries: QueryClient;
  host: Host;
}

/** Shows the message at once and hands it to the host; `onRefused` gets the text back if the host cannot keep it. */
export function useSend(conversation: ConversationId, onRefused: (body: string, error: unknown) => void) {
  const queries = useQueryClient();
  const host = useHost();
  return useCallback(
    (body: string) => {
      sends += 1;
      const localId = `local ${sends}`;
      const key = keys.timeline(conversation);
      const change = (apply: (held: Timeline) => Timeline) =>
        queries.setQueryData<Timeline>(key, (held) => held && apply(held));

      change((held) => withSend(held, { localId, body, writtenAt: Date.now() }));
      const turn = (queues.get(conversation) ?? Promise.resolve())
        .then(() => host.sendMessage(conversation, body))
        .then(
          (message) => change((held) => accepted(held, localId, message)),
          (error: unknown) => {
            change((held) => withoutSend(held, localId));
            onRefused(body, error);
          },
        );
      queues.set(conversation, turn);
    },
    [queries, host, conversation, onRefused],
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
