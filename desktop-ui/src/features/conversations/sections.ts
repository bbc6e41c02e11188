// The list of conversations in its three parts.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

export interface Sections {
  unread: ConversationRow[];
  channels: ConversationRow[];
  direct: ConversationRow[];
}

/** `stays` is the open conversation if it was unread when it was opened: reading it must not move it away. */
export function sectionsOf(rows: readonly ConversationRow[], stays: ConversationId | null): Sections {
  const sections: Sections = { unread: [], channels: [], direct: [] };
  for (const row of rows) {
    if (row.unread > 0 || row.id === stays) {
      sections.unread.push(row);
    } else if (row.kind === 'channel') {
      sections.channels.push(row);
    } else {
      sections.direct.push(row);
    }
  }
  return sections;
}

/** In the order in which they are drawn, for walking with keys. */
export function inOrder(sections: Sections): ConversationRow[] {
  return [...sections.unread, ...sections.channels, ...sections.direct];
}
