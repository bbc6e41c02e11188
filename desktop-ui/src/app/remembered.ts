// Which conversation was open last, so that the next start shows it again. Nothing is lost without it.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';

const KEY = 'loquat.open-conversation';

export function rememberedConversation(): ConversationId | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberConversation(conversation: ConversationId): void {
  try {
    localStorage.setItem(KEY, conversation);
  } catch {
    // A full or forbidden storage only means starting with another conversation.
  }
}
