// The sentences of the language in use, and how that language is changed while the window is open. `text`, `locale` and
// `direction` are live: whoever reads them while drawing has those of now. Reading `text` while a module loads is refused
// by the linter, because what was read would stay when the language changes.

import { useSyncExternalStore } from 'react';

import type { en } from './en.ts';
import { isolating, type Direction } from './isolate.ts';
import { languageOf, localeOf, systemLanguage } from './languages.ts';

/** What every language has to say; the compiler names each sentence that one lacks. */
export type Text = typeof en;

export interface Spoken {
  code: string;
  locale: string;
}

/** There is one before anything is drawn. */
export let text!: Text;

/** The tag that `Intl` takes, with the region of the system. */
export let locale = 'en';

export let direction: Direction = 'ltr';

let spoken: Spoken = { code: '', locale };
let latest = 0;
const listeners = new Set<() => void>();

/** Speaks a language, or the one of the system. Of two calls the later one counts, whatever is loaded first. */
export async function speak(chosen: string, system: readonly string[] = navigator.languages): Promise<void> {
  const code = languageOf(chosen) === undefined ? systemLanguage(system) : chosen;
  const language = languageOf(code);
  latest += 1;
  const turn = latest;
  const sentences = await language?.load();
  if (language === undefined || sentences === undefined || turn !== latest) {
    return;
  }
  text = isolating(sentences, language.direction);
  locale = localeOf(language.tag, system);
  direction = language.direction;
  if (spoken.code === code && spoken.locale === locale) {
    return;
  }
  spoken = { code, locale };
  document.documentElement.lang = locale;
  document.documentElement.dir = language.direction;
  for (const listener of listeners) {
    listener();
  }
}

/**
 * The language in use. The whole window draws again when it changes; a component that is spared (`memo`) asks for it
 * itself.
 */
export function useLanguage(): Spoken {
  return useSyncExternalStore(subscribe, () => spoken);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
