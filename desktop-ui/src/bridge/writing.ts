// What is being written in a conversation besides the draft itself: what it answers, which message is edited, where the
// caret is. Lives as long as the window, so that nothing of it is lost by looking into another conversation.

import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import type { ConversationId } from './generated/ConversationId';
import type { ReplyView } from './generated/ReplyView';
import { keys } from './keys.ts';

export interface Editing {
  seq: number;
  /** The text as far as it is changed. */
  body: string;
  /** Where the person was, and goes back to: the composer, or the message itself. What came back refused takes no focus. */
  from: 'composer' | 'message' | 'refusal';
}

export interface Writing {
  reply: ReplyView | null;
  editing: Editing | null;
  caret: { start: number; end: number; top: number } | null;
  /** Grows each time the composer is to have the focus. */
  focusAsked: number;
}

const NOTHING: Writing = { reply: null, editing: null, caret: null, focusAsked: 0 };

export function writingIn(client: QueryClient, conversation: ConversationId): Writing {
  return client.getQueryData<Writing>(keys.writing(conversation)) ?? NOTHING;
}

export function changeWriting(client: QueryClient, conversation: ConversationId, change: Partial<Writing>): void {
  client.setQueryData<Writing>(keys.writing(conversation), (held = NOTHING) => ({ ...held, ...change }));
}

export function useWriting(conversation: ConversationId): [Writing, (change: Partial<Writing>) => void] {
  const client = useQueryClient();
  const { data = NOTHING } = useQuery({
    queryKey: keys.writing(conversation),
    queryFn: () => NOTHING,
    enabled: false,
    gcTime: Infinity,
  });
  const change = useCallback(
    (part: Partial<Writing>) => changeWriting(client, conversation, part),
    [client, conversation],
  );
  return [data, change];
}

/** Gives the composer of this conversation the focus. */
export function useFocusComposer(conversation: ConversationId): () => void {
  const client = useQueryClient();
  return useCallback(
    () => changeWriting(client, conversation, { focusAsked: writingIn(client, conversation).focusAsked + 1 }),
    [client, conversation],
  );
}
