import { expect, it } from 'vitest';

import { ADA, joined, MEI, MORNING, TOM } from '#testing/builders.ts';

import { eventsSentence } from './events.ts';
import type { Entry } from '#bridge/generated/Entry.ts';

const names: Record<string, string> = { u_ada: 'Ada', u_mei: 'Mei', u_tom: 'Tom' };
const sentence = (entries: unknown[]) => eventsSentence(entries as Entry[], (person) => names[person] ?? person);
const renamed = (seq: number, name: string) => ({ ...joined(seq, TOM.id), kind: 'renamed', name, at: MORNING });
const unknown = (seq: number) => ({ ...joined(seq, TOM.id), kind: 'unknown' });
const left = (seq: number, who: string, by = who) => ({ ...joined(seq, who, by), kind: 'left' });

it.each([
  [[joined(2, MEI.id)], 'Mei joined'],
  [[joined(2, MEI.id), joined(3, TOM.id)], 'Mei and Tom joined'],
  [[joined(2, MEI.id), joined(3, TOM.id), joined(4, ADA.id), joined(5, 'Lena')], 'Mei and 3 others joined'],
  [[joined(2, MEI.id, ADA.id), joined(3, TOM.id, ADA.id)], 'Ada added Mei and Tom'],
  [[joined(2, MEI.id, ADA.id), joined(3, ADA.id, TOM.id)], 'Ada added Mei · Tom added Ada'],
  [[left(2, MEI.id)], 'Mei left'],
  [[left(2, MEI.id, ADA.id)], 'Ada removed Mei'],
  [[joined(1, MEI.id), joined(2, TOM.id)], 'Mei created the channel · Tom joined'],
  [[unknown(2)], 'Something that this version cannot show. Update the app.'],
  [[unknown(2), unknown(3)], 'Something that this version cannot show. Update the app.'],
  [[renamed(3, 'news'), joined(4, MEI.id)], 'Tom renamed the channel to #news · Mei joined'],
  [[{ ...unknown(2), kind: 'topic', topic: 'Vans' }], 'Tom set the topic to “Vans”'],
  [[{ ...unknown(2), kind: 'topic', topic: '' }], 'Tom removed the topic'],
  [[{ ...unknown(2), kind: 'archived', on: true }], 'Tom archived the channel'],
  [[{ ...unknown(2), kind: 'archived', on: false }], 'Tom brought the channel back from the archive'],
])('%#: %o', (entries, expected) => {
  expect(sentence(entries)).toBe(expected);
});
