// What of the timeline is on screen.

import type { VirtualizerHandle } from 'virtua';

import type { UserId } from '#bridge/generated/UserId.ts';
import type { Anchor } from '#bridge/timeline.ts';

import type { Item } from './items.ts';

/** Closer to the end than this, a timeline follows what arrives. */
export const END_SLACK_PX = 32;
/** Roundings of the engine must not make a message count as cut off. */
const ROUNDING_PX = 2;
/** More is asked for while this many screens are still left. */
const SCREENS_AHEAD = 2;

export function isAtEnd(list: VirtualizerHandle): boolean {
  return list.scrollSize - list.viewportSize - list.scrollOffset <= END_SLACK_PX;
}

/** Whether an end of what is loaded is near enough to load more. */
export function isNear(list: VirtualizerHandle, edge: 'start' | 'end'): boolean {
  const left = edge === 'start' ? list.scrollOffset : list.scrollSize - list.viewportSize - list.scrollOffset;
  return list.viewportSize > 0 && left < SCREENS_AHEAD * list.viewportSize;
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

/** The line at the upper edge of the screen, and how far its top is below that edge. */
export function topLine(list: VirtualizerHandle, items: readonly Item[]): { key: string; below: number } | null {
  const index = list.findItemIndex(list.scrollOffset);
  const item = items[index];
  return item === undefined ? null : { key: item.key, below: list.getItemOffset(index) - list.scrollOffset };
}

/** The first message on the screen, and where it begins; the one at the edge begins above it. */
export function topMessage(list: VirtualizerHandle, items: readonly Item[]): Anchor | null {
  const start = list.findItemIndex(list.scrollOffset);
  const index = items.findIndex((item, at) => at >= start && item.kind === 'message');
  const item = items[index];
  return item?.kind === 'message' ? { seq: item.message.seq, below: list.getItemOffset(index) - list.scrollOffset } : null;
}

export function peopleOnScreen(list: VirtualizerHandle, items: readonly Item[]): UserId[] {
  const first = list.findItemIndex(list.scrollOffset);
  const last = list.findItemIndex(list.scrollOffset + list.viewportSize);
  const authors = items.slice(first, last + 1).flatMap((item) => (item.kind === 'message' ? [item.message.author] : []));
  return [...new Set(authors)].sort();
}

/** Among events may be what a newer version counts as a message. */
function ordinalOf(item: Item | undefined): number | null {
  switch (item?.kind) {
    case 'message':
      return item.message.ordinal;
    case 'events':
      return item.entries.at(-1)?.ordinal ?? null;
    default:
      return null;
  }
}
