// What the composer does: sends, keeps drafts, says that somebody types.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { useHost, useLiveCache, useMe } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { failureOf } from '#bridge/host.ts';
import { keys } from '#bridge/keys.ts';
import type { Written } from '#bridge/sends.ts';
import { home, type Timeline } from '#bridge/timeline.ts';
import { changeWriting } from '#bridge/writing.ts';

/** Shows the message at once and hands it to the host; `onRefused` gets the text back if the host cannot keep it. */
export function useSend(conversation: ConversationId, onRefused: (body: string, error: unknown) => void) {
  const live = useLiveCache();
  return useCallback(
    (written: Written) => {
      live.sends.send(conversation, written).catch((error: unknown) => {
        changeWriting(live.client, conversation, { reply: written.reply });
        onRefused(written.body, error);
      });
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
    async (draft: string) => {
      queries.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && { ...held, draft });
      await host.saveDraft(conversation, draft).catch((error: unknown) => {
        if (failureOf(error) === null) {
          throw error;
        }
      });
    },
    [queries, host, conversation],
  );
}

/** Begins to edit the last message that this person wrote; false when there is none. */
export function useEditLast(conversation: ConversationId): () => boolean {
  const queries = useQueryClient();
  const me = useMe();
  return useCallback(() => {
    const key = keys.timeline(conversation);
    const last = queries
      .getQueryData<Timeline>(key)
      ?.items.findLast((item) => item.item === 'message' && item.author === me.id && item.deleted_by === null);
    if (last?.item !== 'message') {
      return false;
    }
    queries.setQueryData<Timeline>(key, (held) => held && home(held));
    changeWriting(queries, conversation, { editing: { seq: last.seq, body: last.body, from: 'composer' } });
    return true;
  }, [queries, conversation, me.id]);
}

export function useSayTyping(conversation: ConversationId): () => void {
  const host = useHost();
  return useCallback(() => {
    // Nobody misses it when it is not told.
    host.typing(conversation).catch(() => undefined);
  }, [host, conversation]);
}
