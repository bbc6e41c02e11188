// The part of the scripted host that searches. It knows words, "phrases", -word, from:, in: and the dates, as far as
// screens need them; what they mean in all cases is the client's to say.

import type { SearchHit } from './generated/SearchHit';
import type { SearchPage } from './generated/SearchPage';
import type { SearchProblem } from './generated/SearchProblem';
import type { SearchProblemKind } from './generated/SearchProblemKind';
import type { SearchRequest } from './generated/SearchRequest';
import type { TextRange } from './generated/TextRange';
import type { MessageView } from './generated/MessageView';
import { FakeMessages } from './fake-messages.ts';
import type { FakeConversation } from './fake-world.ts';

const PART = /(-?)(?:(from|in|before|after|on):)?(?:"([^"]*)"?|(\S+))/gu;
const SNIPPET = 240;

type Rule = (message: MessageView, held: FakeConversation) => boolean;

interface Wanted {
  texts: string[];
  rules: Rule[];
  problems: SearchProblem[];
}

export class FakeSearch extends FakeMessages {
  /** Whether the index is whole; tests and pictures change it. */
  searchComplete = true;

  search = (request: SearchRequest): Promise<SearchPage> =>
    this.do(`search ${request.text}`, () => {
      const wanted = this.#read(request.text);
      const nothing = wanted.texts.length === 0 && wanted.rules.length === 0;
      if (wanted.problems.length > 0 || nothing) {
        return { hits: [], next: null, problems: wanted.problems, complete: this.searchComplete };
      }
      const found = this.#messages(request, wanted);
      const start = request.after ?? 0;
      const end = start + request.limit;
      return {
        hits: found.slice(start, end).map((message) => hit(message, wanted.texts)),
        next: end < found.length ? end : null,
        problems: [],
        complete: this.searchComplete,
      };
    });

  #messages({ within, order }: SearchRequest, wanted: Wanted): MessageView[] {
    const fits = (message: MessageView, held: FakeConversation) =>
      message.deleted_by === null &&
      (within === null || within === held.row.id) &&
      wanted.texts.every((text) => places(message.body, text).length > 0) &&
      wanted.rules.every((rule) => rule(message, held));
    const found = this.world.conversations.flatMap((held) =>
      held.items.filter((item) => item.item === 'message').filter((message) => fits(message, held)),
    );
    found.sort((a, b) => (order === 'newest' ? b.at - a.at : a.body.length - b.body.length));
    return found;
  }

  #read(text: string): Wanted {
    const wanted: Wanted = { texts: [], rules: [], problems: [] };
    for (const [, minus, filter, quoted, plain] of text.matchAll(PART)) {
      const value = quoted ?? plain ?? '';
      const excluded = minus === '-';
      if (filter !== undefined) {
        this.#filter(wanted, filter, value, excluded);
      } else if (excluded) {
        wanted.rules.push((message) => places(message.body, value).length === 0);
      } else if (/[\p{L}\p{N}]/u.test(value)) {
        wanted.texts.push(value);
      }
    }
    return wanted;
  }

  #filter(wanted: Wanted, filter: string, value: string, excluded: boolean): void {
    const rule = value === '' ? null : this.#rule(filter, value);
    if (typeof rule === 'string') {
      wanted.problems.push({ filter, value, kind: rule });
    } else if (rule !== null) {
      wanted.rules.push((message, held) => rule(message, held) !== excluded);
    }
  }

  /** What a filter asks for, or what is wrong with it. */
  #rule(filter: string, value: string): Rule | SearchProblemKind {
    if (filter === 'from') {
      const people = this.#people(value);
      return people.size === 0 ? 'unknown_person' : (message) => people.has(message.author);
    }
    if (filter === 'in') {
      const places = this.#places(value);
      return places.length === 0 ? 'unknown_conversation' : (_, held) => places.includes(held);
    }
    const day = Date.parse(`${value}T00:00`);
    const next = day + 24 * 60 * 60 * 1000;
    if (Number.isNaN(day)) {
      return 'not_a_date';
    }
    return ({ at }) => (filter === 'before' ? at < day : filter === 'after' ? at >= next : at >= day && at < next);
  }

  #people(value: string): Set<string> {
    const wanted = folded(value);
    if (wanted === 'me') {
      return new Set([this.world.me.id]);
    }
    const known = [this.world.me, ...this.world.people];
    const named = known.filter(({ name, email }) => folded(name).includes(wanted) || email.startsWith(wanted));
    return new Set(named.map((person) => person.id));
  }

  #places(value: string): FakeConversation[] {
    const people = this.#people(value);
    const isIt = ({ row }: FakeConversation) =>
      row.kind === 'channel'
        ? folded(row.name ?? '').startsWith(folded(value.replace(/^#/u, '')))
        : row.kind === 'direct' && row.members.some((member) => member !== this.world.me.id && people.has(member));
    return this.world.conversations.filter(isIt);
  }
}

function hit(message: MessageView, texts: string[]): SearchHit {
  const highlights = texts.flatMap((text) => places(message.body, text)).sort((a, b) => a.start - b.start);
  const first = highlights[0]?.start ?? 0;
  const start = message.body.length <= SNIPPET ? 0 : Math.max(0, first - 60);
  const end = Math.min(message.body.length, start + SNIPPET);
  const lead = start > 0 ? '…' : '';
  const shift = lead.length - start;
  return {
    conversation: message.conversation,
    message,
    highlights,
    snippet: `${lead}${message.body.slice(start, end).replace(/\s/gu, ' ')}${end < message.body.length ? '…' : ''}`,
    snippet_highlights: highlights
      .filter((place) => place.end <= end)
      .map((place) => ({ start: place.start + shift, end: place.end + shift })),
  };
}

/** Where words begin with this text. */
function places(body: string, text: string): TextRange[] {
  const [inside, wanted] = [folded(body), folded(text)];
  const found: TextRange[] = [];
  for (let at = inside.indexOf(wanted); at >= 0 && wanted !== ''; at = inside.indexOf(wanted, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(inside[at - 1] ?? '')) {
      found.push({ start: at, end: at + wanted.length });
    }
  }
  return found;
}

/** Without case and accents, and as long as before: letters that would grow stay as they are. */
function folded(text: string): string {
  return text.replace(/\P{ASCII}/gu, (letter) => sameLength(letter)).toLowerCase();
}

function sameLength(letter: string): string {
  const lower = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return lower.length === letter.length ? lower : letter;
}
