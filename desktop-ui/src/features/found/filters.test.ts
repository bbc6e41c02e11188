import { describe, expect, it } from 'vitest';

import { ADA, MEI, row, TOM } from '#testing/builders.ts';

import { begunAt, suggestionsFor, type Known } from './filters.ts';

const known: Known = {
  rows: [row('c_general', { name: 'general' }), row('d_mei', { kind: 'direct', name: null, members: [ADA.id, MEI.id] })],
  people: new Map([ADA, MEI, TOM].map((person) => [person.id, person])),
  me: ADA.id,
};

/** The field after the first suggestion was taken; `|` is the caret. */
function completed(typed: string): string | null {
  const caret = typed.indexOf('|');
  const query = typed.replace('|', '');
  const begun = begunAt(query, caret);
  const first = begun && suggestionsFor(begun, known)[0];
  return begun && first ? query.slice(0, begun.from) + first.inserted + query.slice(begun.to) : null;
}

describe('a search is completed', () => {
  it.each([
    ['by the name of a filter', 'boxes fr|', 'boxes from:'],
    ['by a person', 'from:me|', 'from:me '],
    ['by a person of two words', 'from:mt|', 'from:"Mei Tan" '],
    ['by a person in quotes that are open', 'from:"mei t|', 'from:"Mei Tan" '],
    ['by a conversation', 'boxes in:gen|', 'boxes in:general '],
    ['by somebody one writes with', 'in:mei|', 'in:"Mei Tan" '],
    ['by a day', 'before:y|', 'before:yesterday '],
    ['for what is left out', '-from:tom|', '-from:"Tom Okafor" '],
    ['in its middle', 'from:to| boxes', 'from:"Tom Okafor"  boxes'],
  ])('%s', (_, typed, result) => {
    expect(completed(typed)).toBe(result);
  });

  it.each([
    ['an ordinary word', 'boxes|'],
    ['an empty field', '|'],
    ['a filter that does not exist', 'with:mei|'],
    ['a value that is finished', 'in:general |'],
    ['somebody nobody knows', 'from:xyzzy|'],
  ])('not: %s', (_, typed) => {
    expect(completed(typed)).toBeNull();
  });
});
