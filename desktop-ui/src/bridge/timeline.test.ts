import { describe, expect, it } from 'vitest';

import { ADA, MEI, message, MORNING, pending, row, timeline } from '#testing/builders.ts';

import type { TimelineItem } from './generated/TimelineItem.ts';
import {
  accepted,
  acted,
  appended,
  home,
  quoteOf,
  reopened,
  rested,
  shownStretch,
  unsent,
  withAround,
  withEarlier,
  withLater,
  withMessages,
  withPending,
  withSend,
  type Timeline,
} from './timeline.ts';

const bodies = (held: Timeline | null) => held?.items.map((item) => (item.item === 'message' ? item.body : item.kind));
const press = (body: string, localId = 'local 1') => ({ localId, body, reply: null, writtenAt: MORNING });

describe('entries', () => {
  it('continue the timeline', () => {
    expect(bodies(appended(timeline([message(1, 'a')]), [message(2, 'b')], 2, null))).toEqual(['a', 'b']);
  });

  it('that are known already change nothing', () => {
    const held = timeline([message(1, 'a'), message(2, 'b')]);
    expect(appended(held, [message(1, 'a'), message(2, 'b')], 2, null)).toBe(held);
  });

  it('of an earlier page come before, once', () => {
    const page = { conversation: 'c_1', items: [message(1, 'a'), message(2, 'b')], first: 1, last: 2, has_earlier: false, reaches_end: false };
    const next = withEarlier(timeline([message(2, 'b'), message(3, 'c')], { hasEarlier: true }), page);
    expect(bodies(next)).toEqual(['a', 'b', 'c']);
    expect(next.hasEarlier).toBe(false);
  });

  it('of a conversation that is left are let go, and can be loaded again', () => {
    const many = Array.from({ length: 500 }, (_, index) => message(index + 1, `${index}`));
    const next = rested(timeline(many));
    expect(next.items).toHaveLength(200);
    expect(next.items.at(-1)?.seq).toBe(500);
    expect(next.hasEarlier).toBe(true);
  });
});

describe('a message on its way', () => {
  it('is there once when the host answers before it tells', () => {
    let held = withSend(timeline([]), press('hi'));
    held = accepted(held, 'local 1', pending('m_1', 'hi'));
    held = withPending(held, [pending('m_1', 'hi')]);
    expect([held.sending.length, held.pending.length]).toEqual([0, 1]);
  });

  it('is there once when the host tells before it answers', () => {
    let held = withSend(timeline([]), press('hi'));
    held = withPending(held, [pending('m_1', 'hi')]);
    expect([held.sending.length, held.pending.length]).toEqual([0, 1]);
    held = accepted(held, 'local 1', pending('m_1', 'hi'));
    expect([held.sending.length, held.pending.length]).toEqual([0, 1]);
  });

  it('is there once when it is stored before the host answers', () => {
    let held = withSend(timeline([]), press('hi'));
    held = appended(held, [message(1, 'hi', { author: ADA.id, client_id: 'm_x' })], 1, ADA.id);
    held = accepted(held, 'local 1', pending('m_x', 'hi'));
    expect([held.sending.length, held.pending.length, held.items.length]).toEqual([0, 0, 1]);
  });

  it('leaves the second of two equal ones alone', () => {
    let held = withSend(withSend(timeline([]), press('ok', 'local 1')), press('ok', 'local 2'));
    held = withPending(held, [pending('m_1', 'ok')]);
    held = accepted(held, 'local 1', pending('m_1', 'ok'));
    expect(held.sending.map((send) => send.localId)).toEqual(['local 2']);
  });

  it('is not taken for a message of somebody else with the same words', () => {
    const held = appended(withSend(timeline([]), press('ok')), [message(1, 'ok')], 1, ADA.id);
    expect(held.sending).toHaveLength(1);
  });

  it('is not shown twice when its entry comes before the list without it', () => {
    const held = timeline([message(1, 'hi', { author: ADA.id, client_id: 'm_x' })], { pending: [pending('m_x', 'hi')] });
    expect(unsent(held)).toEqual([]);
  });
});

const seqs = (held: Timeline) => shownStretch(held).items.map(({ seq }) => seq);
const page = (first: number, last: number, more = {}) => ({
  conversation: 'c_1',
  items: Array.from({ length: last - first + 1 }, (_, index): TimelineItem => message(first + index, `${first + index}`)),
  first,
  last,
  has_earlier: first > 1,
  reaches_end: false,
  ...more,
});

describe('entries that are no items', () => {
  it('move the end of the timeline and leave its items alone', () => {
    const held = timeline([message(1, 'a')]);
    const next = appended(held, [], 4, null);
    expect(next.items).toBe(held.items);
    expect(appended(next, [message(5, 'b')], 5, null).items.map(({ seq }) => seq)).toEqual([1, 5]);
  });
});

describe('a message that changed', () => {
  it('changes in its place and where it is quoted', () => {
    const answer = message(3, 'c', { reply: quoteOf(message(1, 'a')) });
    const next = withMessages(timeline([message(1, 'a'), message(2, 'b'), answer]), [message(1, 'other', { edited_at: 5 })]);
    expect(bodies(next)).toEqual(['other', 'b', 'c']);
    expect(next.items[2]).toMatchObject({ reply: { seq: 1, excerpt: 'other', deleted: false } });
  });

  it('leaves no word of it in quotes once it is deleted', () => {
    const answer = message(3, 'c', { reply: quoteOf(message(1, 'secret')) });
    const next = withMessages(timeline([answer]), [message(1, '', { deleted_by: MEI.id })]);
    expect(next.items[0]).toMatchObject({ reply: { excerpt: null, deleted: true } });
  });

  it('that is not held changes nothing', () => {
    const held = timeline([message(1, 'a')]);
    expect(withMessages(held, [message(7, 'x')])).toBe(held);
  });
});

describe('an act', () => {
  const held = message(1, 'a', { reactions: [{ emoji: '👍', people: [MEI.id], mine: false }], pinned: true });

  it('adds a reaction of this person behind those that are there', () => {
    const next = acted(held, { act: 'react', emoji: '👍', on: true }, ADA.id, 9);
    expect(next.reactions).toEqual([{ emoji: '👍', people: [MEI.id, ADA.id], mine: true }]);
    expect(next.pending).toBe(true);
  });

  it('takes the last of an emoji away with it', () => {
    const mine = acted(held, { act: 'react', emoji: '🎉', on: true }, ADA.id, 9);
    const next = acted(mine, { act: 'react', emoji: '🎉', on: false }, ADA.id, 9);
    expect(next.reactions.map(({ emoji }) => emoji)).toEqual(['👍']);
  });

  it('that deletes leaves neither words nor reactions', () => {
    expect(acted(held, { act: 'delete' }, ADA.id, 9)).toMatchObject({ body: '', deleted_by: ADA.id, reactions: [], pinned: false });
  });

  it('that edits says when', () => {
    expect(acted(held, { act: 'edit', body: 'b' }, ADA.id, 9)).toMatchObject({ body: 'b', edited_at: 9 });
  });
});

describe('far from the end', () => {
  const held = timeline(page(91, 100).items, { hasEarlier: true });

  it('a page is shown instead, and new messages go on at the end', () => {
    const away = withAround(held, page(20, 29));
    expect(seqs(away)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(away.moves).toBe(held.moves + 1);
    const next = appended(away, [message(101, 'new')], 101, null);
    expect(seqs(next)).toEqual(seqs(away));
    expect(seqs(home(next)).at(-1)).toBe(101);
  });

  it('later pages lead back until nothing lies between', () => {
    let next = withLater(withAround(held, page(20, 29)), page(30, 60));
    expect(next.away?.last).toBe(60);
    next = withLater(next, page(61, 90));
    expect(next.away).toBeNull();
    expect(seqs(next)).toHaveLength(81);
    expect(next.first).toBe(20);
    // It went on; nothing was replaced.
    expect(next.moves).toBe(held.moves + 1);
  });

  it('earlier pages go before what is shown', () => {
    const next = withEarlier(withAround(held, page(20, 29)), page(10, 19));
    expect(next.away?.first).toBe(10);
    expect(next.first).toBe(91);
  });

  it('a page that touches the end extends it', () => {
    const next = withAround(held, page(80, 95));
    expect(next.away).toBeNull();
    expect(next.moves).toBe(held.moves);
    expect(seqs(next)).toHaveLength(21);
  });

  it('an own message leads back to the end', () => {
    const next = withSend(withAround(held, page(20, 29)), press('mine'));
    expect(next.away).toBeNull();
  });

  it('leaving the conversation leads back as well', () => {
    expect(rested(withAround(held, page(20, 29))).away).toBeNull();
  });

  it('opening again stays where the reader is, with what was pressed meanwhile', () => {
    const before = withSend(held, press('mine'));
    const open = { row: row('c_1'), page: page(191, 200), pending: [], draft: '', receipts: [] };
    const next = reopened(before, open, page(80, 99));
    expect(seqs(next)[0]).toBe(80);
    expect(next.sending).toHaveLength(1);
    expect(seqs(reopened(before, open, null))[0]).toBe(191);
  });
});
