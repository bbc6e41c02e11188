// One sentence for a run of events: "Mei and 3 others joined · Tom renamed the channel to #news".

import type { Entry } from '#bridge/generated/Entry.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { text } from '#text/text.ts';

interface Phrase {
  kind: 'created' | 'joined' | 'left' | 'renamed' | 'topic' | 'archived' | 'unarchived' | 'unknown';
  author: UserId;
  byThemselves: boolean;
  people: UserId[];
  name: string;
}

export function eventsSentence(entries: readonly Entry[], nameOf: (person: UserId) => string): string {
  return phrases(entries)
    .map((phrase) => phraseText(phrase, nameOf))
    .join(' · ');
}

function phrases(entries: readonly Entry[]): Phrase[] {
  const all: Phrase[] = [];
  for (const entry of entries) {
    const phrase = phraseOf(entry);
    const last = all.at(-1);
    if (last !== undefined && joins(last, phrase)) {
      last.people.push(...phrase.people.filter((person) => !last.people.includes(person)));
    } else {
      all.push(phrase);
    }
  }
  return all;
}

function phraseOf(entry: Entry): Phrase {
  const plain = { author: entry.author, byThemselves: true, people: [], name: '' };
  switch (entry.kind) {
    case 'renamed':
      return { ...plain, kind: 'renamed', name: entry.name };
    case 'topic':
      return { ...plain, kind: 'topic', name: entry.topic };
    case 'archived':
      return { ...plain, kind: entry.on ? 'archived' : 'unarchived' };
    case 'joined':
    case 'left': {
      const byThemselves = entry.person === entry.author;
      // A channel starts with its creator joining it.
      const kind = entry.seq === 1 && entry.kind === 'joined' && byThemselves ? 'created' : entry.kind;
      return { ...plain, kind, byThemselves, people: [entry.person] };
    }
    default:
      return { ...plain, kind: 'unknown' };
  }
}

function joins(last: Phrase, next: Phrase): boolean {
  // Several things that cannot be shown are one sentence.
  const folds = next.kind === 'joined' || next.kind === 'left' || next.kind === 'unknown';
  const sameHand = last.byThemselves ? next.byThemselves : !next.byThemselves && last.author === next.author;
  return folds && last.kind === next.kind && sameHand;
}

function phraseText(phrase: Phrase, nameOf: (person: UserId) => string): string {
  const author = nameOf(phrase.author);
  const people = listed(phrase.people.map(nameOf));
  switch (phrase.kind) {
    case 'created':
      return text.events.created(author);
    case 'renamed':
      return text.events.renamed(author, phrase.name);
    case 'topic':
      return phrase.name === '' ? text.events.topicRemoved(author) : text.events.topic(author, phrase.name);
    case 'archived':
      return text.events.archived(author);
    case 'unarchived':
      return text.events.unarchived(author);
    case 'unknown':
      return text.events.unknown;
    case 'joined':
      return phrase.byThemselves ? text.events.joined(people) : text.events.added(author, people);
    case 'left':
      return phrase.byThemselves ? text.events.left(people) : text.events.removed(author, people);
  }
}

function listed(names: string[]): string {
  const [first = '', second] = names;
  if (second === undefined) {
    return first;
  }
  return names.length === 2 ? text.events.and(first, second) : text.events.andOthers(first, names.length - 1);
}
