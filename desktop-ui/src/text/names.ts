// What people and conversations are called.

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';

import { locale, text } from './text.ts';

type People = ReadonlyMap<UserId, PersonView>;

export function personName(people: People, person: UserId): string {
  return people.get(person)?.name ?? text.conversation.unknownPerson;
}

/** A channel's own name, or the people one writes with; without `#`. */
export function conversationName(row: ConversationRow, people: People, me: UserId): string {
  if (row.kind === 'channel') {
    return row.name ?? '';
  }
  const others = row.members.filter((member) => member !== me);
  if (others.length === 0) {
    return text.conversation.yourself(personName(people, me));
  }
  return others.map((member) => personName(people, member)).join(', ');
}

/** The name as it is said in a sentence: channels with their `#`. */
export function spokenName(row: ConversationRow, people: People, me: UserId): string {
  const name = conversationName(row, people, me);
  return row.kind === 'channel' ? `#${name}` : name;
}

/** "Ada, Mei and Tom"; of more than `most`, the rest is a number. */
export function listed(names: readonly string[], most: number): string {
  const left = names.length - most;
  const list = new Intl.ListFormat(text.names.list, { type: 'conjunction' });
  return list.format(left > 0 ? [...names.slice(0, most), text.names.others(left)] : names);
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Nothing but another plain letter can follow, so no sign belongs to the first one. */
const SIMPLE = /^[a-z](?:[a-z]|$)/iu;

/** The first letter as a reader counts letters, whatever it is made of. */
export function firstLetter(word: string): string {
  if (SIMPLE.test(word)) {
    return word.charAt(0);
  }
  for (const { segment } of letters.segment(word)) {
    return segment;
  }
  return '';
}

/** Up to two letters that stand for a person. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .map((word) => (word === undefined ? '' : firstLetter(word)))
    .join('')
    .toLocaleUpperCase(locale);
}
