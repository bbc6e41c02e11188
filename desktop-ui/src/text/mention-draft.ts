// What is being written, as people read it and as it is kept: `@Mei Tan` in the field, `<@u_mei>` on the disk and on its
// way, so that it is right after a crash and after a new name.

import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';

import { mentionName, mentionPieces, type Mention } from './mentions.ts';
import { text } from './text.ts';

type People = ReadonlyMap<UserId, PersonView>;

/** What stands in the field for each mention: `@Mei Tan` to `<@u_mei>`. */
export type Labels = ReadonlyMap<string, string>;

export interface Readable {
  words: string;
  labels: Labels;
}

/** Code is told as it is: in it nothing mentions anybody. */
const CODE = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`)/u;
const LETTER = /[\p{L}\p{N}_]/u;
/** Nobody sees it. It stands where a name would run into the word beside it. */
const JOINER = '\u2060';

export function markupOf(mention: Mention): string {
  return mention.kind === 'person' ? `<@${mention.person}>` : `<!${mention.kind}>`;
}

/** Two people of one name are told apart by their addresses. */
export function labelled(labels: Labels, mention: Mention, people: People): { label: string; labels: Labels } {
  const markup = markupOf(mention);
  const name = mentionName(mention, people);
  const isTaken = (labels.get(name) ?? markup) !== markup;
  const address = mention.kind === 'person' ? (people.get(mention.person)?.email ?? mention.person) : '';
  const label = isTaken ? `${name} (${address})` : name;
  return { label, labels: new Map([...labels, [label, markup]]) };
}

export function readable(body: string, people: People): Readable {
  let labels: Labels = new Map();
  const words = body.split(CODE).map((part, at) => {
    if (at % 2 === 1) {
      return part;
    }
    return mentionPieces(part).reduce<string>((before, piece) => {
      if (typeof piece === 'string') {
        return apart(before, piece);
      }
      const named = labelled(labels, piece, people);
      labels = named.labels;
      return apart(before, named.label);
    }, '');
  });
  return { words: words.join(''), labels };
}

/** Beside what it kept apart. */
const BESIDE = new RegExp(`${JOINER}(?=<[@!])|(?<=>)${JOINER}`, 'gu');

/** As it is kept and sent. `@channel` and `@here` mean everybody however they were typed. */
export function encoded({ words, labels }: Readable): string {
  const known = new Map([...all(), ...labels]);
  // The longest first: "Mei Tan" is not "Mei".
  const names = [...known.keys()].sort((a, b) => b.length - a.length);
  return words
    .split(CODE)
    .map((part, at) => (at % 2 === 1 || !part.includes('@') ? part : replaced(part, names, known)))
    .join('');
}

/** Whether it means everybody in the conversation, or all who are there. */
export function meansMany(body: string): boolean {
  return body.split(CODE).some((part, at) => at % 2 === 0 && /<!(?:channel|here)>/u.test(part));
}

/** A name ends where the word beside it begins. */
function apart(before: string, after: string): string {
  const first = after.charAt(0);
  const meets = before !== '' && (LETTER.test(first) || (first === '@' && LETTER.test(before.slice(-1))));
  return `${before}${meets ? JOINER : ''}${after}`;
}

function all(): [string, string][] {
  return (['channel', 'here'] as const).map((kind) => [`@${text.mentions[kind]}`, `<!${kind}>`]);
}

function replaced(part: string, names: readonly string[], known: Labels): string {
  let result = '';
  let at = 0;
  while (at < part.length) {
    const isStart = part[at] === '@' && !LETTER.test(part[at - 1] ?? ' ');
    const name = isStart
      ? names.find((one) => part.startsWith(one, at) && !LETTER.test(part[at + one.length] ?? ' '))
      : undefined;
    result += name === undefined ? part.charAt(at) : (known.get(name) ?? name);
    at += name?.length ?? 1;
  }
  return result.replaceAll(BESIDE, '');
}
