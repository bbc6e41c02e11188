// What of the timeline is on screen.

import type { VirtualizerHandle } from 'virtua';

import type { Item } from './items.ts';

/** Closer to the end than this, a timeline follows what arrives. */
export const END_SLACK_PX = 32;
/** Roundings of the engine must not make a message count as cut off. */
const ROUNDING_PX = 2;

export function isAtEnd(list: VirtualizerHandle): boolean {
  return list.scrollSize - list.viewportSize - list.scrollOffset <= END_SLACK_PX;
}

/** The highest ordinal whose line is wholly above the lower edge; null when none is on screen. */
export function seenOrdinal(list: VirtualizerHandle, items: readonly Item[]): number | null {
  if (list.viewportSize === 0) {
    return null;
  }
  const edge = list.scrollOffset + list.viewportSize + ROUNDING_PX;
  for (let index = list.findItemIndex(edge); index >= 0; index -= 1) {
    const item = items[index];
    const bottom = list.getItemOffset(index) + list.getItemSize(index);
    if (bottom < list.scrollOffset) {
      return null;
    }
    const ordinal = ordinalOf(item);
    if (ordinal !== null && bottom <= edge) {
      return ordinal;
    }
  }
  return null;
}

/** Among events may be what a newer version counts as a message. */
function ordinalOf(item: Item | undefined): number | null {
  switch (item?.kind) {
    case 'message':
      return item.entry.ordinal;
    case 'events':
      return item.entries.at(-1)?.ordinal ?? null;
    default:
      return null;
  }
}
