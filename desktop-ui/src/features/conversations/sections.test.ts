import { describe, expect, it } from 'vitest';

import { row } from '#testing/builders.ts';

import { inOrder, neighbour, sectionsOf } from './sections.ts';

const rows = [
  row('c_news', { unread: 2 }),
  row('d_mei', { kind: 'direct' }),
  row('c_old', { archived: true, unread: 1 }),
  row('c_general'),
  row('d_tom', { kind: 'direct', unread: 1 }),
];
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

describe('the list', () => {
  it('has what is unread first, then channels, then people', () => {
    expect(ids(inOrder(sectionsOf(rows, null), false))).toEqual(['c_news', 'd_tom', 'c_general', 'd_mei']);
  });

  it('keeps an open conversation where it was opened', () => {
    expect(ids(sectionsOf(rows, 'c_general').unread)).toEqual(['c_news', 'c_general', 'd_tom']);
  });

  it('folds archived channels away, read or not', () => {
    expect(ids(sectionsOf(rows, null).archived)).toEqual(['c_old']);
    expect(ids(inOrder(sectionsOf(rows, null), true)).at(-1)).toBe('c_old');
  });
});

describe('a muted conversation', () => {
  const muted = row('c_noise', { unread: 9, level: 'nothing' });

  it('stays in its place, and is not walked to as unread', () => {
    expect(ids(sectionsOf([muted, row('c_news', { unread: 1 })], null).channels)).toEqual(['c_noise']);
    expect(neighbour([muted], null, 1, true)).toBeUndefined();
  });

  it('comes up when it mentions the person', () => {
    const mentioned = { ...muted, mentions: 1 };
    expect(ids(sectionsOf([mentioned], null).unread)).toEqual(['c_noise']);
    expect(neighbour([mentioned], null, 1, true)?.id).toBe('c_noise');
  });
});

describe('a muted direct conversation', () => {
  it('stays in its place although all of it is meant for the person', () => {
    const muted = row('d_mei', { kind: 'direct', unread: 2, mentions: 2, level: 'nothing' });
    expect(ids(sectionsOf([muted], null).direct)).toEqual(['d_mei']);
  });
});

describe('walking', () => {
  const order = inOrder(sectionsOf(rows, null), false);

  it.each([
    ['c_news', 1, 'd_tom'],
    ['d_tom', -1, 'c_news'],
    ['d_mei', 1, undefined],
    ['c_news', -1, undefined],
    [null, 1, 'c_news'],
    [null, -1, 'd_mei'],
  ] as const)('from %s by %i comes to %s', (from, step, to) => {
    expect(neighbour(order, from, step, false)?.id).toBe(to);
  });

  it.each([
    ['c_news', 1, 'd_tom'],
    ['d_tom', 1, 'c_news'],
    ['d_mei', 1, 'c_news'],
    ['d_mei', -1, 'd_tom'],
    ['d_tom', -1, 'c_news'],
    [null, 1, 'c_news'],
    [null, -1, 'd_tom'],
  ] as const)('to unread ones from %s by %i comes to %s', (from, step, to) => {
    expect(neighbour(order, from, step, true)?.id).toBe(to);
  });

  it('to unread ones stays where it is when there are no others', () => {
    const one = [row('c_news', { unread: 2 }), row('c_general')];
    expect(neighbour(one, 'c_news', 1, true)).toBeUndefined();
    expect(neighbour([], null, -1, true)).toBeUndefined();
  });
});
