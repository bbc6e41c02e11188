import { describe, expect, it } from 'vitest';

import { ADA, joined, MEI, message, MINUTE, MORNING, pending, timeline, TOM } from '#testing/builders.ts';
import type { TimelineItem } from '#bridge/generated/TimelineItem.ts';
import type { Timeline } from '#bridge/timeline.ts';

import { itemsOf } from './items.ts';

const clock = { now: MORNING, zone: 'UTC' };

function kinds(held: Timeline, newAfter: number | null = null): string[] {
  return itemsOf({ timeline: held, me: ADA.id, newAfter, clock }).map((item) =>
    item.kind === 'message' || item.kind === 'unsent' ? `${item.kind}${item.first ? ' first' : ''}` : item.kind,
  );
}

const at = (seq: number, minutes: number, author = MEI.id): TimelineItem =>
  message(seq, 'x', { at: MORNING + minutes * MINUTE, author });

describe('messages', () => {
  it('of one author less than five minutes apart are a group', () => {
    expect(kinds(timeline([at(1, 0), at(2, 4.9), at(3, 9.8)]))).toEqual([
      'beginning', 'day', 'message first', 'message', 'message', 'end',
    ]);
  });

  it('five minutes apart are two groups', () => {
    expect(kinds(timeline([at(1, 0), at(2, 5)]))).toEqual(['beginning', 'day', 'message first', 'message first', 'end']);
  });

  it('of another author begin a group', () => {
    expect(kinds(timeline([at(1, 0), at(2, 1, TOM.id)]))).toContain('message first');
    expect(kinds(timeline([at(1, 0), at(2, 1, TOM.id)]))).not.toContain('message');
  });

  it('of another day begin a group below its name', () => {
    const midnight = 15 * 60;
    expect(kinds(timeline([at(1, midnight - 1), at(2, midnight + 1)]))).toEqual([
      'beginning', 'day', 'message first', 'day', 'message first', 'end',
    ]);
  });

  it('after an event begin a group', () => {
    expect(kinds(timeline([at(1, 0), joined(2, TOM.id), at(3, 1)]))).toEqual([
      'beginning', 'day', 'message first', 'events', 'message first', 'end',
    ]);
  });

  it('of their own that are not stored continue the group', () => {
    const held = timeline([at(1, 0, ADA.id)], { pending: [{ ...pending('m_x', 'y'), written_at: MORNING + MINUTE }] });
    expect(kinds(held)).toEqual(['beginning', 'day', 'message first', 'unsent', 'end']);
  });
});

it('a run of events is one line', () => {
  expect(kinds(timeline([joined(1, MEI.id), joined(2, TOM.id), joined(3, ADA.id)]))).toEqual([
    'beginning', 'day', 'events', 'end',
  ]);
});

describe('the "New" line', () => {
  it('stands before the first message that was not read', () => {
    expect(kinds(timeline([at(1, 0), at(2, 1), at(3, 2)]), 2)).toEqual([
      'beginning', 'day', 'message first', 'message', 'new', 'message first', 'end',
    ]);
  });

  it('stands at the top when nothing was ever read', () => {
    expect(kinds(timeline([at(1, 0)]), 0)).toEqual(['beginning', 'day', 'new', 'message first', 'end']);
  });

  it('waits for the page on which reading stopped', () => {
    expect(kinds(timeline([at(8, 0), at(9, 1)], { hasEarlier: true }), 3)).not.toContain('new');
  });

  it('is not there when all is read', () => {
    expect(kinds(timeline([at(1, 0)]), null)).not.toContain('new');
  });
});

it('earlier messages can be asked for while there are some', () => {
  expect(kinds(timeline([at(5, 0)], { hasEarlier: true }))[0]).toBe('earlier');
});

it('an answer begins a group, so that what it answers can stand above it', () => {
  const reply = { seq: 1, author: MEI.id, excerpt: 'x', deleted: false };
  const held = timeline([at(1, 0), { ...message(2, 'y', { at: MORNING + MINUTE }), reply }]);
  expect(kinds(held)).toEqual(['beginning', 'day', 'message first', 'message first', 'end']);
});

it('far from the end, more can be asked for below, and what is unsent waits at the end', () => {
  const away = { items: [at(5, 0)], first: 5, last: 5, hasEarlier: false };
  const held = timeline([at(90, 60)], { away, pending: [pending('m_x', 'y')] });
  expect(kinds(held)).toEqual(['beginning', 'day', 'message first', 'later']);
});

describe('receipts', () => {
  const seen = (held: Timeline) =>
    itemsOf({ timeline: held, me: ADA.id, newAfter: null, clock }).flatMap((item) =>
      item.kind === 'message' ? [item.seenBy.join(' ')] : [],
    );

  it('stand under the last message that each person read', () => {
    const held = timeline([at(1, 0, ADA.id), at(2, 1, ADA.id)], {
      receipts: [{ person: MEI.id, ordinal: 1 }, { person: TOM.id, ordinal: 2 }],
    });
    expect(seen(held)).toEqual([MEI.id, TOM.id]);
  });

  it('are not shown for those who wrote later', () => {
    const held = timeline([at(1, 0, ADA.id), at(2, 1, MEI.id)], { receipts: [{ person: MEI.id, ordinal: 1 }] });
    expect(seen(held)).toEqual(['', '']);
  });

  it('never name the person at this window', () => {
    const held = timeline([at(1, 0, TOM.id)], { receipts: [{ person: ADA.id, ordinal: 1 }] });
    expect(seen(held)).toEqual(['']);
  });
});
