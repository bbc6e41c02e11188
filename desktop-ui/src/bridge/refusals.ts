// What this person did to a message and could not be done: told until they have seen it.

import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import type { ConversationId } from './generated/ConversationId';
import type { Failure } from './generated/Failure';
import type { MessageAct } from './generated/MessageAct';
import { keys } from './keys.ts';
import { changeWriting, writingIn } from './writing.ts';

export interface Refusal {
  id: number;
  conversation: ConversationId;
  seq: number;
  act: MessageAct;
  /** Null for a fault of this app. */
  failure: Failure | null;
}

const NONE: readonly Refusal[] = [];

/** Older ones than this many are of no use to anybody. */
const MOST = 5;

export function addRefusal(client: QueryClient, refusal: Omit<Refusal, 'id'>): void {
  client.setQueryData<readonly Refusal[]>(keys.refusals, (held = NONE) => [
    ...held.slice(1 - MOST),
    { ...refusal, id: (held.at(-1)?.id ?? 0) + 1 },
  ]);
  const { act, conversation, seq } = refusal;
  if (act.act === 'edit' && writingIn(client, conversation).editing === null) {
    // The text comes back to where it was written.
    changeWriting(client, conversation, { editing: { seq, body: act.body, from: 'refusal' } });
  }
}

export function useRefusals(conversation: ConversationId): [readonly Refusal[], (id: number) => void] {
  const client = useQueryClient();
  const { data = NONE } = useQuery({
    queryKey: keys.refusals,
    queryFn: () => NONE,
    enabled: false,
    gcTime: Infinity,
  });
  const dismiss = useCallback(
    (id: number) => {
      client.setQueryData<readonly Refusal[]>(keys.refusals, (held = NONE) => held.filter((refusal) => refusal.id !== id));
    },
    [client],
  );
  return [data.filter((refusal) => refusal.conversation === conversation), dismiss];
}
