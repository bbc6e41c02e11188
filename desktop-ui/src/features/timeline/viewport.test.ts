import { expect, it } from 'vitest';
import type { VirtualizerHandle } from 'virtua';

import { joined, TOM } from '#testing/builders.ts';

import type { Entry } from '#bridge/generated/Entry.ts';

import type { Item } from './items.ts';
import { seenOrdinal } from './viewport.ts';

/** A list whose items are 10 high, the first `shown` of them on screen. */
const list = (shown: number) =>
  ({
    viewportSize: shown * 10,
    scrollOffset: 0,
    findItemIndex: (offset: number) => Math.floor(offset / 10),
    getItemOffset: (index: number) => index * 10,
    getItemSize: () => 10,
  }) as unknown as VirtualizerHandle;

const events = (ordinal: number): Item => {
  const entry = { ...joined(ordinal, TOM.id), ordinal, kind: 'unknown' } as Entry;
  return { kind: 'events', key: `events ${ordinal}`, entries: [entry] };
};

it('reads what cannot be shown by showing that it is there', () => {
  const items: Item[] = [{ kind: 'beginning', key: 'beginning' }, events(1), events(2), { kind: 'end', key: 'end' }];
  expect(seenOrdinal(list(2), items)).toBe(1);
  expect(seenOrdinal(list(3), items)).toBe(2);
  expect(seenOrdinal(list(1), items)).toBeNull();
});
