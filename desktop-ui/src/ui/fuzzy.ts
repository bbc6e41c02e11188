// Finds a name by what somebody remembers of it: the beginnings of words, initials, a part, or letters in order.

/** A name as it is compared. `letters` has the length of the name, so that places in one are places in the other. */
export interface Folded {
  letters: string;
  /** Where words begin. */
  starts: readonly number[];
}

/** Places of the name that were typed, from and up to. */
export type Mark = readonly [from: number, to: number];

export interface Match {
  /** Higher is better. */
  score: number;
  marks: readonly Mark[];
}

const ASCII = /^[\x20-\x7e]*$/u;
const WORD = /[\p{L}\p{N}]/u;
/** A word with fewer letters than this is found at the beginning of words only: single letters are in every name. */
const SHORT = 2;
/** Letters in order, with others between, mean something from this many on. */
const SCATTERED = 3;

export function folded(name: string): Folded {
  const letters = ASCII.test(name) ? name.toLowerCase() : Array.from({ length: name.length }, (_, at) => plain(name.charAt(at))).join('');
  const starts: number[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    if (WORD.test(letters.charAt(at)) && (at === 0 || !WORD.test(letters.charAt(at - 1)))) {
      starts.push(at);
    }
  }
  return { letters, starts };
}

/** What is typed, as its words. */
export function wordsOf(query: string): string[] {
  return folded(query).letters.split(/\s+/u).filter((word) => word !== '');
}

/** Whether every word is found, and how well; null when one is not. */
export function matched(name: Folded, words: readonly string[]): Match | null {
  let score = 0;
  const marks: Mark[] = [];
  for (const word of words) {
    const found = beginning(name, word) ?? chain(name, word) ?? part(name, word) ?? scattered(name, word);
    if (found === null) {
      return null;
    }
    score += found.score;
    marks.push(...found.marks);
  }
  // Of two that are found alike, the shorter one is meant.
  const length = words.length === 0 ? 0 : Math.min(name.letters.length, 60) / 20;
  return { score: score - length, marks: joined(marks) };
}

/** One letter without its signs, in lower case: `É` is found by `e`. */
function plain(letter: string): string {
  return letter.normalize('NFD').charAt(0).toLowerCase().charAt(0);
}

function beginning({ letters, starts }: Folded, word: string): Match | null {
  const at = starts.findIndex((start) => letters.startsWith(word, start));
  const from = starts[at];
  if (from === undefined) {
    return letters.startsWith(word) ? { score: 100, marks: [[0, word.length]] } : null;
  }
  const isWhole = letters.length === word.length;
  return { score: isWhole ? 120 : at === 0 ? 100 : 85 - Math.min(at, 5), marks: [[from, from + word.length]] };
}

/** The word is made of beginnings of words, one after the other: `mt` and `meit` are Mei Tan. */
function chain(name: Folded, word: string): Match | null {
  const marks = word.length < SHORT ? null : chained(name, word, 0);
  return marks === null ? null : { score: 75 - Math.min(marks.length, 10), marks };
}

function chained({ letters, starts }: Folded, word: string, from: number): Mark[] | null {
  if (word === '') {
    return [];
  }
  for (let next = from; next < starts.length; next += 1) {
    const start = starts[next] ?? 0;
    // The longest beginning first; a shorter one leaves more to the words behind it.
    for (let length = sharedLength(letters, start, word); length > 0; length -= 1) {
      const rest = chained({ letters, starts }, word.slice(length), next + 1);
      if (rest !== null) {
        return [[start, start + length], ...rest];
      }
    }
  }
  return null;
}

function sharedLength(letters: string, start: number, word: string): number {
  let length = 0;
  while (length < word.length && letters[start + length] === word[length]) {
    length += 1;
  }
  return length;
}

function part({ letters }: Folded, word: string): Match | null {
  const at = word.length < SHORT ? -1 : letters.indexOf(word);
  return at < 0 ? null : { score: 45 - Math.min(at, 15), marks: [[at, at + word.length]] };
}

/** All letters in order, the first at the beginning of a word: `genral` is general. */
function scattered({ letters, starts }: Folded, word: string): Match | null {
  if (word.length < SCATTERED) {
    return null;
  }
  for (const start of starts) {
    const places = inOrder(letters, start, word);
    if (places !== null) {
      const gaps = (places.at(-1) ?? 0) - start + 1 - word.length;
      return gaps > 2 * word.length ? null : { score: 25 - Math.min(gaps, 20), marks: places.map((at) => [at, at + 1]) };
    }
  }
  return null;
}

function inOrder(letters: string, start: number, word: string): number[] | null {
  const places: number[] = [];
  if (letters[start] !== word[0]) {
    return null;
  }
  let at = start;
  for (const letter of word) {
    at = letters.indexOf(letter, at);
    if (at < 0) {
      return null;
    }
    places.push(at);
    at += 1;
  }
  return places;
}

/** In the order of the name, without overlaps. */
function joined(marks: readonly Mark[]): Mark[] {
  const sorted = [...marks].sort(([a], [b]) => a - b);
  const result: Mark[] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) {
      result[result.length - 1] = [last[0], Math.max(last[1], to)];
    } else {
      result.push([from, to]);
    }
  }
  return result;
}
