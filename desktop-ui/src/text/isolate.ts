// Names and other values within a sentence, kept apart from it where they may run the other way: without that, the `#`
// of a channel or a full stop wanders to the wrong end of what stands beside it.

import type { Text } from './text.ts';

const FIRST_STRONG = '\u{2068}';
const POP = '\u{2069}';
/** Hebrew, Arabic and the other scripts that run from right to left. */
const RIGHT_TO_LEFT = /[\u{0590}-\u{08FF}\u{FB1D}-\u{FDFF}\u{FE70}-\u{FEFF}\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

export type Direction = 'ltr' | 'rtl';

/** The same sentences; each value in one runs in its own direction. */
export function isolating(sentences: Text, direction: Direction): Text {
  return isolatingNode(sentences, direction) as Text;
}

function isolatingNode(node: unknown, direction: Direction): unknown {
  if (typeof node === 'function') {
    return (...values: unknown[]): unknown =>
      (node as (...given: unknown[]) => unknown)(...values.map((value) => isolated(value, direction)));
  }
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    return node;
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, isolatingNode(value, direction)]));
}

/** Only where it makes a difference: most values run as the sentence does. */
function isolated(value: unknown, direction: Direction): unknown {
  if (typeof value !== 'string' || value === '') {
    return value;
  }
  return direction === 'rtl' || RIGHT_TO_LEFT.test(value) ? `${FIRST_STRONG}${value}${POP}` : value;
}
