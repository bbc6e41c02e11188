// Mentions in a text: `<@USER_ID>` a person, `<!channel>` everybody, `<!here>` those who are there. People read names.

import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';

import { personName } from './names.ts';
import { text } from './text.ts';

type People = ReadonlyMap<UserId, PersonView>;

export type Mention = { kind: 'person'; person: UserId } | { kind: 'channel' | 'here' };

const MENTION = /<@([\w-]{1,64})>|<!(channel|here)>/gu;

/** A text in its pieces: what is written, and whom it mentions. */
export function mentionPieces(body: string): (string | Mention)[] {
  const pieces: (string | Mention)[] = [];
  let end = 0;
  for (const { 0: found, 1: person, 2: all, index } of body.matchAll(MENTION)) {
    if (index > end) {
      pieces.push(body.slice(end, index));
    }
    pieces.push(person === undefined ? { kind: all === 'here' ? 'here' : 'channel' } : { kind: 'person', person });
    end = index + found.length;
  }
  return end < body.length || pieces.length === 0 ? [...pieces, body.slice(end)] : pieces;
}

/** A mention as it is read: `@Mei Tan`. */
export function mentionName(mention: Mention, people: People): string {
  return `@${mention.kind === 'person' ? personName(people, mention.person) : text.mentions[mention.kind]}`;
}

/** With names instead of ids, for excerpts. */
export function withNames(body: string, people: People): string {
  return body.includes('<')
    ? mentionPieces(body).map((piece) => (typeof piece === 'string' ? piece : mentionName(piece, people))).join('')
    : body;
}
