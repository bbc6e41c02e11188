// What can be completed of a search while it is typed: filters, people, conversations, days.

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { conversationName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { folded, matched, wordsOf } from '#ui/fuzzy.ts';

const FILTERS = ['from', 'in', 'before', 'after', 'on'] as const;

export type Filter = (typeof FILTERS)[number];

const MOST = 8;

/** What is being typed at the caret: the name of a filter, or its value. */
export interface Begun {
  filter: Filter | null;
  typed: string;
  /** What a suggestion takes the place of. */
  from: number;
  to: number;
}

export interface Suggestion {
  /** What is put into the field. */
  inserted: string;
  says: string;
  hint: string;
}

export interface Known {
  rows: readonly ConversationRow[];
  people: People;
  me: UserId;
}

/** The part before the caret that can be completed; null when that is an ordinary word. */
export function begunAt(query: string, caret: number): Begun | null {
  const before = query.slice(0, caret);
  const [, minus = '', name, quoted, plain] = VALUE.exec(before) ?? [];
  const filter = name === undefined ? null : filterNamed(name);
  if (filter !== null) {
    const typed = quoted ?? plain ?? '';
    const length = (quoted === undefined ? 0 : 1) + typed.length;
    return { filter, typed, from: caret - length, to: caret };
  }
  const word = /(?:^|\s)-?(\p{L}+)$/u.exec(before)?.[1] ?? '';
  const isName = word !== '' && FILTERS.some((one) => namesOf(one).some((known) => known.startsWith(word.toLowerCase())));
  return isName && minus === '' ? { filter: null, typed: word, from: caret - word.length, to: caret } : null;
}

const VALUE = /(?:^|\s)(-?)(\p{L}+):(?:"([^"]*)|(\S*))$/u;

function filterNamed(name: string): Filter | null {
  return FILTERS.find((filter) => namesOf(filter).includes(name.toLowerCase())) ?? null;
}

/** In the language of the window, and in English. */
function namesOf(filter: Filter): string[] {
  return [text.search.filters[filter], filter];
}

export function suggestionsFor(begun: Begun, known: Known): Suggestion[] {
  switch (begun.filter) {
    case null:
      return filterSuggestions().filter(({ says }) => says.startsWith(begun.typed.toLowerCase()));
    case 'from':
      return people(begun.typed, known);
    case 'in':
      return conversations(begun.typed, known);
    default:
      return days(begun.typed);
  }
}

/** Every filter, with what it is for. */
export function filterSuggestions(): Suggestion[] {
  return FILTERS.map((filter) => {
    const says = `${text.search.filters[filter]}:`;
    return { inserted: says, says, hint: text.search.hints[filter] };
  });
}

function people(typed: string, { people: all, me }: Known): Suggestion[] {
  const others = [...all.values()].filter((person) => person.id !== me);
  const myself = { name: text.search.me, hint: text.search.meHint };
  return best(typed, [myself, ...others.map((person) => ({ name: person.name, hint: person.title === '' ? person.email : person.title }))]);
}

function conversations(typed: string, { rows, people: all, me }: Known): Suggestion[] {
  return best(typed, rows.map((row) => ({ name: conversationName(row, all, me), hint: row.topic })));
}

/** Those that fit best; of those that fit alike, as they come. */
function best(typed: string, candidates: readonly { name: string; hint: string }[]): Suggestion[] {
  const words = wordsOf(typed);
  return candidates
    .flatMap(({ name, hint }) => {
      const match = matched(folded(name), words);
      return match === null ? [] : [{ score: match.score, suggestion: { inserted: quoted(name), says: name, hint } }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ suggestion }) => suggestion);
}

function quoted(name: string): string {
  return /[\s"]/u.test(name) ? `"${name.replaceAll('"', '')}" ` : `${name} `;
}

function days(typed: string): Suggestion[] {
  const named = Object.values(text.search.days).map((day) => ({ inserted: `${day} `, says: day, hint: '' }));
  const ago = Object.entries(text.search.ago).map(([day, hint]) => ({ inserted: `${day} `, says: day, hint }));
  return [...named, ...ago].filter(({ says }) => says.startsWith(typed.toLowerCase()));
}
