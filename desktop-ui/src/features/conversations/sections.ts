// The list of conversations in its parts.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { mentionsIn } from '#bridge/mentions.ts';

export interface Sections {
  unread: ConversationRow[];
  channels: ConversationRow[];
  direct: ConversationRow[];
  /** Channels that can only be read; folded away until somebody wants them. */
  archived: ConversationRow[];
}

/** Something unread that the person wants to know of: what they muted does not wait for them unless it means them. */
export function isWaiting(row: ConversationRow): boolean {
  return row.unread > 0 && (row.level !== 'nothing' || mentionsIn(row) > 0);
}

/** `stays` is the open conversation if it was unread when it was opened: reading it must not move it away. */
export function sectionsOf(rows: readonly ConversationRow[], stays: ConversationId | null): Sections {
  const sections: Sections = { unread: [], channels: [], direct: [], archived: [] };
  for (const row of rows) {
    if (row.archived) {
      sections.archived.push(row);
    } else if (isWaiting(row) || row.id === stays) {
      sections.unread.push(row);
    } else if (row.kind === 'channel') {
      sections.channels.push(row);
    } else {
      sections.direct.push(row);
    }
  }
  return sections;
}

/** In the order in which they are drawn, for walking with keys. What is folded away is not walked to. */
export function inOrder(sections: Sections, archivedShown: boolean): ConversationRow[] {
  const { unread, channels, direct, archived } = sections;
  return [...unread, ...channels, ...direct, ...(archivedShown ? archived : [])];
}

/**
 * The next conversation in a direction, none beyond the ends; or the next one with something unread, around the ends:
 * what is unread stands on top, and the walk begins anywhere.
 */
export function neighbour(
  order: readonly ConversationRow[],
  from: ConversationId | null,
  step: 1 | -1,
  onlyUnread: boolean,
): ConversationRow | undefined {
  const start = order.findIndex((row) => row.id === from);
  // From nowhere, such as when nothing is open, the walk begins at the end it comes from.
  const first = start < 0 && step < 0 ? order.length - 1 : start + step;
  if (!onlyUnread) {
    return order[first];
  }
  const around = order.map((_, at) => order[(first + step * at + 2 * order.length) % order.length]);
  return around.find((row) => row !== undefined && isWaiting(row) && row.id !== from);
}
