// The languages there are, and which of them is meant. A further one is a line here; see docs/how-to/add-a-language.md.

import type EmojiData from 'emojibase-data/en/data.json';

import type { Direction } from './isolate.ts';
import type { Text } from './text.ts';

export interface Language {
  /** What those who speak it call it. */
  name: string;
  /** Whose way of writing dates and numbers it follows, as a tag of BCP 47 without a region. */
  tag: string;
  direction: Direction;
  /** Only the language in use is loaded. */
  load: () => Promise<Text>;
  /** What emoji are called in it. */
  emoji: () => Promise<{ default: typeof EmojiData }>;
}

const ORDINARY = 'en';

/** By the code that is kept on the device. */
const languages = new Map<string, Language>([
  [
    'en',
    {
      name: 'English',
      tag: 'en',
      direction: 'ltr',
      load: async () => (await import('./en.ts')).en,
      emoji: () => import('emojibase-data/en/data.json'),
    },
  ],
  [
    'de',
    {
      name: 'Deutsch',
      tag: 'de',
      direction: 'ltr',
      load: async () => (await import('./de.ts')).de,
      emoji: () => import('emojibase-data/de/data.json'),
    },
  ],
]);

/** Codes with the names of what they stand for, in the order of the menu. */
export function languageNames(): { code: string; name: string }[] {
  return [...languages].map(([code, { name }]) => ({ code, name }));
}

export function languageOf(code: string): Language | undefined {
  return languages.get(code);
}

/** For pages that are not part of the product, which try out languages that nobody speaks. */
export function addLanguage(code: string, language: Language): void {
  languages.set(code, language);
}

/** The first language of the system that there are sentences for. */
export function systemLanguage(system: readonly string[]): string {
  return system.map(primary).find((code) => languages.has(code)) ?? ORDINARY;
}

/**
 * How dates and numbers are written: in the language of the sentences around them, by the customs of the region that
 * the system is set to. English in Germany writes 14 October and 09:41, in the United States October 14 and 9:41 AM.
 */
export function localeOf(tag: string, system: readonly string[]): string {
  const same = system.find((wanted) => primary(wanted) === tag);
  const region = system.map(regionOf).find((found) => found !== undefined);
  return known(same ?? (region === undefined ? tag : `${tag}-${region}`)) ?? tag;
}

/** The tag as this computer has data for it; undefined for what is none. */
function known(wanted: string): string | undefined {
  try {
    return new Intl.DateTimeFormat(wanted).resolvedOptions().locale;
  } catch {
    return undefined;
  }
}

function primary(locale: string): string {
  return locale.split('-', 1)[0]?.toLowerCase() ?? '';
}

function regionOf(locale: string): string | undefined {
  try {
    return new Intl.Locale(locale).maximize().region;
  } catch {
    // A system may be set to something that is no language, such as "C".
    return undefined;
  }
}
