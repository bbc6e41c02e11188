// Which of the unread messages that are meant for the person mention them.

import type { ConversationRow } from './generated/ConversationRow';

/**
 * Unread mentions of a channel. In direct and group conversations every message is meant for the person: there the
 * number says nothing that unread does not say already.
 */
export function mentionsIn(row: ConversationRow): number {
  return row.kind === 'channel' ? row.mentions : 0;
}
