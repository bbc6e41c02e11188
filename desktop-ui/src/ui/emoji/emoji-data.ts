// All emoji with their names, from a list that is part of the app and loaded when somebody first wants one.

import { useEffect, useState } from 'react';

import { languageOf } from '#text/languages.ts';
import { useLanguage } from '#text/text.ts';

export interface Emoji {
  /** The sign itself, in the form that others send it in too. */
  char: string;
  /** `thumbs up` */
  label: string;
  /** The label in small letters, to be found by. */
  name: string;
  group: number;
  /** `+1`, `thumbsup`; the first is the best known. */
  codes: readonly string[];
  tags: readonly string[];
  /** The five skin tones, from light to dark; empty where there are none. */
  tones: readonly string[];
}

/** 0 is the yellow one, 1 to 5 from light to dark. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

/** Newer ones are boxes on many computers still. */
const NEWEST_VERSION = 15.1;
/** Parts of others, such as hair, are no emoji by themselves. */
const COMPONENTS = 2;

const loading = new Map<string, Promise<readonly Emoji[]>>();

/** Named in a language; the codes between colons are the same in all. */
export function loadEmoji(language: string): Promise<readonly Emoji[]> {
  const held = loading.get(language) ?? load(language);
  loading.set(language, held);
  // Another try after a failure, such as a file that an update has just replaced.
  held.catch(() => loading.delete(language));
  return held;
}

async function load(language: string): Promise<readonly Emoji[]> {
  const [{ default: data }, { default: codes }] = await Promise.all([
    languageOf(language)?.emoji() ?? { default: [] },
    import('emojibase-data/en/shortcodes/github.json'),
  ]);
  const codesOf = codes as Record<string, string | string[]>;
  return data.flatMap((found): Emoji[] => {
    if (found.group === undefined || found.group === COMPONENTS || found.version > NEWEST_VERSION) {
      return [];
    }
    return [
      {
        char: plainForm(found.emoji),
        label: found.label,
        name: found.label.toLowerCase(),
        group: found.group,
        codes: [codesOf[found.hexcode] ?? []].flat(),
        tags: (found.tags ?? []).map((tag) => tag.toLowerCase()),
        tones: (found.skins ?? []).filter((skin) => typeof skin.tone === 'number').map((skin) => plainForm(skin.emoji)),
      },
    ];
  });
}

/** Signs that are drawn in colour anyway go without the selector for it: the same sign must not count as two. */
export function plainForm(char: string): string {
  return /^\p{Emoji_Presentation}\uFE0F$/u.test(char) ? char.slice(0, -1) : char;
}

/** All emoji; undefined until they are loaded. */
export function useEmoji(wanted = true): readonly Emoji[] | undefined {
  const { code } = useLanguage();
  const [all, setAll] = useState<readonly Emoji[]>();
  useEffect(() => {
    let isGone = false;
    if (wanted) {
      loadEmoji(code).then(
        (loaded) => !isGone && setAll(loaded),
        // Without the list there is nothing to choose from; the recent ones still are.
        () => undefined,
      );
    }
    return () => {
      isGone = true;
    };
  }, [wanted, code]);
  return all;
}

export function toned(emoji: Emoji, tone: Tone): string {
  return tone === 0 ? emoji.char : (emoji.tones[tone - 1] ?? emoji.char);
}

/** What is called so, the best match first. */
export function searchEmoji(all: readonly Emoji[], query: string, most: number): Emoji[] {
  const wanted = query.trim().toLowerCase().replaceAll(/^:|:$/gu, '').replaceAll('_', ' ');
  if (wanted === '') {
    return [];
  }
  const found = all.map((emoji) => ({ emoji, rank: rankOf(emoji, wanted) })).filter(({ rank }) => rank > 0);
  // Sorting keeps the order of equals, which is the usual one.
  return found
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

function rankOf(emoji: Emoji, wanted: string): number {
  const codes = emoji.codes.map((code) => code.replaceAll('_', ' '));
  if (codes.includes(wanted) || emoji.name === wanted || emoji.char === wanted) {
    return 5;
  }
  const begun = [emoji.name, ...codes].filter((name) => name.startsWith(wanted));
  if (begun.length > 0) {
    // Of several, the one that is nearly typed.
    return 4 - Math.min(...begun.map((name) => name.length)) / 100;
  }
  if (emoji.tags.includes(wanted)) {
    return 3;
  }
  const words = [...emoji.name.split(/[\s:-]+/u), ...codes.flatMap((code) => code.split(' '))];
  if (words.some((word) => word.startsWith(wanted))) {
    return 2;
  }
  return emoji.tags.some((tag) => tag.startsWith(wanted)) || emoji.name.includes(wanted) ? 1 : 0;
}

/** The emoji with exactly this code, as typed between colons. */
export function emojiOfCode(all: readonly Emoji[], code: string): Emoji | undefined {
  return all.find((emoji) => emoji.codes.includes(code));
}

/** Under which of its names it was found. */
export function codeFor(emoji: Emoji, query: string): string {
  return emoji.codes.find((code) => code.startsWith(query.toLowerCase())) ?? emoji.codes[0] ?? emoji.label;
}
