// What the switcher offers: conversations, people and channels one could join, the likeliest first.

import type { ChannelRow } from '#bridge/generated/ChannelRow.ts';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { conversationName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { byName } from '#text/order.ts';
import { folded, matched, wordsOf, type Folded, type Mark } from '#ui/fuzzy.ts';

/** More than anybody reads; whoever looks for something types another letter. */
export const MOST = 40;

export type Target =
  | { kind: 'conversation'; row: ConversationRow }
  | { kind: 'person'; person: PersonView }
  | { kind: 'channel'; channel: ChannelRow };

export type Choice = Target & { key: string; name: string; marks: readonly Mark[] };

/**
 * Everything that can be found, made once for as long as nothing of it changes. `recency` is 1 for the conversation with
 * the newest activity and falls to 0.
 */
export type Candidate = Target & { key: string; name: string; folded: Folded; address: string; recency: number };

interface Known {
  /** The newest activity first. */
  rows: readonly ConversationRow[];
  people: People;
  me: UserId;
}

/** What the server found and this device does not hold, or holds as well. */
interface Found {
  people: readonly PersonView[];
  channels: readonly ChannelRow[];
}

/** What the switcher was opened over last; most often nothing of it has changed when it is opened again. */
let held: { known: Known; words: typeof text; candidates: Candidate[] } | undefined;

export function candidatesOf(known: Known): Candidate[] {
  const isSame =
    held?.known.rows === known.rows && held.known.people === known.people && held.known.me === known.me && held.words === text;
  if (held === undefined || !isSame) {
    held = { known, words: text, candidates: madeOf(known) };
  }
  return held.candidates;
}

/** Somebody one writes with is found as that conversation, and nobody is there twice. */
function madeOf({ rows, people, me }: Known): Candidate[] {
  const partners = new Set<UserId>();
  const conversations = rows.map((row, at): Candidate => {
    const partner = row.kind === 'direct' ? (row.members.find((member) => member !== me) ?? me) : null;
    if (partner !== null) {
      partners.add(partner);
    }
    const address = partner === null ? '' : (people.get(partner)?.email.toLowerCase() ?? '');
    const recency = 1 - at / rows.length;
    return { ...candidate({ kind: 'conversation', row }, row.id, conversationName(row, people, me), address), recency };
  });
  const others = [...people.values()].filter((person) => person.active && !partners.has(person.id));
  const named = others.map((person) => {
    return person.id === me ? { ...personCandidate(person), name: text.conversation.yourself(person.name) } : personCandidate(person);
  });
  return [...conversations, ...named];
}

/** Of what the server found, what is new. */
export function strangersOf({ people, channels }: Found, known: Pick<Known, 'rows' | 'people'>): Candidate[] {
  const mine = new Set(known.rows.map((row) => row.id));
  return [
    ...people.filter((person) => person.active && !known.people.has(person.id)).map(personCandidate),
    ...channels
      .filter((channel) => channel.membership !== 'member' && !mine.has(channel.id))
      .map((channel) => candidate({ kind: 'channel', channel }, channel.id, channel.name, '')),
  ];
}

function personCandidate(person: PersonView): Candidate {
  return candidate({ kind: 'person', person }, person.id, person.name, person.email.toLowerCase());
}

function candidate(target: Target, key: string, name: string, address: string): Candidate {
  return { ...target, key, name, folded: foldedOnce(name), address, recency: 0 };
}

/** Names come again with every change of anything. */
const names = new Map<string, Folded>();
const REMEMBERED = 20_000;

function foldedOnce(name: string): Folded {
  let known = names.get(name);
  if (known === undefined) {
    if (names.size >= REMEMBERED) {
      names.clear();
    }
    known = folded(name);
    names.set(name, known);
  }
  return known;
}

export interface Asked {
  query: string;
  /** What is open; nobody jumps to where they are. */
  open: ConversationId | null;
  /** Where the person was last, the newest first. */
  recent: readonly ConversationId[];
}

export function choicesOf(candidates: readonly Candidate[], { query, open, recent }: Asked): Choice[] {
  const words = wordsOf(query);
  const visited = new Map(recent.map((conversation, at) => [conversation, at]));
  const isEmpty = words.length === 0;
  // With nothing typed people are for a workspace in which little was written yet.
  const enough = isEmpty && candidates.filter(({ kind }) => kind === 'conversation').length > MOST;
  const scored: { candidate: Candidate; score: number; marks: readonly Mark[] }[] = [];
  for (const candidate of candidates) {
    if (isEmpty && (candidate.key === open || candidate.kind === 'channel' || (enough && candidate.kind === 'person'))) {
      continue;
    }
    const match = matched(candidate.folded, words) ?? byAddress(candidate, words);
    if (match !== null) {
      scored.push({ candidate, score: match.score + weight(candidate, visited, isEmpty), marks: match.marks });
    }
  }
  return scored
    .sort((a, b) => b.score - a.score || byName(a.candidate.name, b.candidate.name))
    .slice(0, MOST)
    .map(({ candidate, marks }) => ({ ...candidate, marks }));
}

/** The beginning of an address finds as well, and nothing of the name is marked. */
function byAddress({ address }: Candidate, words: readonly string[]) {
  const [word, ...more] = words;
  return word !== undefined && more.length === 0 && address.startsWith(word) ? { score: 40, marks: [] } : null;
}

/** How likely it is meant, whatever was typed. With nothing typed, what waits for the person comes before all else. */
function weight(candidate: Candidate, visited: ReadonlyMap<ConversationId, number>, isEmpty: boolean): number {
  if (candidate.kind !== 'conversation') {
    return candidate.kind === 'person' ? -3 : -6;
  }
  const { row } = candidate;
  const at = visited.get(row.id);
  const visit = at === undefined ? 0 : 12 / (at + 1);
  const waiting = row.mentions > 0 ? 2 : row.unread > 0 ? 1 : 0;
  const [visits, waits] = isEmpty ? [10, 1000] : [1, 4];
  return visit * visits + waiting * waits + candidate.recency * 5 - (row.archived ? 40 : 0);
}

