import { describe, expect, it } from 'vitest';

import type { ChannelRow } from '#bridge/generated/ChannelRow.ts';
import { ADA, MEI, MORNING, person, row, TOM } from '#testing/builders.ts';

import { candidatesOf, choicesOf, MOST, strangersOf } from './choices.ts';

const RAVI = person('u_ravi', 'Ravi Menon');
const GONE = { ...person('u_gone', 'Gone Girl'), active: false };
const people = new Map([ADA, MEI, TOM, RAVI, GONE].map((one) => [one.id, one]));

const rows = [
  row('c_old', { name: 'metal', archived: true, last_at: MORNING + 9 }),
  row('c_metrics', { name: 'metrics', last_at: MORNING + 5 }),
  row('c_general', { name: 'general', last_at: MORNING + 4, unread: 3 }),
  row('d_mei', { kind: 'direct', members: [ADA.id, MEI.id], name: null, last_at: MORNING + 3 }),
  row('c_menu', { name: 'menu', last_at: MORNING + 2, unread: 1, mentions: 1 }),
];
const news: ChannelRow = { id: 'c_meals', name: 'meals', visibility: 'public', member_count: 4, membership: 'none' };
const strangers = strangersOf({ people: [MEI, person('u_new', 'Zoë Neu')], channels: [news, { ...news, id: 'c_general' }] }, { rows, people });
const all = [...candidatesOf({ rows, people, me: ADA.id }), ...strangers];

function found(query: string, more: { open?: string; recent?: string[] } = {}): string[] {
  return choicesOf(all, { query, open: more.open ?? null, recent: more.recent ?? [] }).map(({ key }) => key);
}

describe('with nothing typed', () => {
  it('what waits comes first, mentions before all, then what was open, then the newest', () => {
    expect(found('', { recent: ['d_mei'] }).slice(0, 4)).toEqual(['c_menu', 'c_general', 'd_mei', 'c_metrics']);
  });

  it('the open conversation is left out, and so are channels nobody asked for', () => {
    expect(found('', { open: 'c_menu' })).not.toContain('c_menu');
    expect(found('')).not.toContain('c_meals');
  });
});

describe('what is typed', () => {
  it('finds conversations, people and channels to join', () => {
    expect(found('me')).toEqual(['c_menu', 'c_metrics', 'd_mei', 'c_meals', 'u_ravi', 'c_old']);
  });

  it('finds the conversation with somebody instead of the person', () => {
    expect(found('mei tan')).toEqual(['d_mei']);
  });

  it('finds people by their initials and by their address', () => {
    expect(found('rm')).toEqual(['u_ravi']);
    expect(found('u_ravi@')).toEqual(['u_ravi']);
  });

  it('prefers where the person was last', () => {
    expect(found('me', { recent: ['c_metrics'] })[0]).toBe('c_metrics');
  });

  it('finds whom only the server knows, and nobody twice', () => {
    expect(found('neu')).toEqual(['u_new']);
    expect(found('mei t')).toEqual(['d_mei']);
  });

  it('finds nobody who is gone', () => {
    expect(found('gone')).toEqual([]);
  });
});

it('never more than can be read', () => {
  const many = Array.from({ length: 200 }, (_, at) => row(`c_${at}`, { name: `team-${at}` }));
  const candidates = candidatesOf({ rows: many, people, me: ADA.id });
  expect(choicesOf(candidates, { query: 'team', open: null, recent: [] })).toHaveLength(MOST);
});
