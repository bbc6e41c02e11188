// Says what a part of the window shows, for as long as it does.

import { useEffect } from 'react';

import { useLiveCache } from './context.tsx';
import type { ConversationId } from './generated/ConversationId';
import type { UserId } from './generated/UserId';
import type { Looked } from './watching.ts';

const NOTHING: readonly string[] = [];

/** While this is drawn, these conversations and people are on the screen. */
export function useWatched({ conversations = NOTHING, people = NOTHING }: Partial<Looked>): void {
  const { watching } = useLiveCache();
  const key = JSON.stringify([conversations, people]);
  useEffect(() => {
    const by = {};
    const [seenConversations, seenPeople] = JSON.parse(key) as [ConversationId[], UserId[]];
    watching.look(by, { conversations: seenConversations, people: seenPeople });
    return () => watching.lookAway(by);
  }, [watching, key]);
}
