// How the window looks and writes on this device: kept here, applied at once, told to whoever draws by it.

import { useSyncExternalStore } from 'react';

import { languageOf } from '#text/languages.ts';
import { speak } from '#text/text.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
/** In percent of the ordinary size. */
export const TEXT_SIZES = [87, 100, 112, 125, 137, 150] as const;

export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];
export type TextSize = (typeof TEXT_SIZES)[number];

export interface Appearance {
  theme: Theme;
  density: Density;
  textSize: TextSize;
  /** The code of a language, or `system`. */
  language: string;
  /** Otherwise Enter begins a new line, and Ctrl Enter sends. */
  enterSends: boolean;
}

const KEY = 'loquat.appearance';
const ORDINARY: Appearance = { theme: 'system', density: 'comfortable', textSize: 100, language: 'system', enterSends: true };

const listeners = new Set<() => void>();
/** What the stored text says, parsed once. */
let held: { stored: string | null; appearance: Appearance } = { stored: null, appearance: ORDINARY };

export function appearance(): Appearance {
  const stored = storedText();
  if (stored !== held.stored) {
    held = { stored, appearance: parsed(stored) };
  }
  return held.appearance;
}

export function changeAppearance(change: Partial<Appearance>): void {
  const stored = JSON.stringify({ ...appearance(), ...change });
  try {
    localStorage.setItem(KEY, stored);
  } catch {
    // It holds until the window closes.
    held = { stored: storedText(), appearance: parsed(stored) };
  }
  showAppearance();
  if (change.language !== undefined) {
    // One that cannot be loaded now, such as while an update replaces the files, is there at the next start.
    speakChosen().catch(() => undefined);
  }
  for (const listener of listeners) {
    listener();
  }
}

/** The next larger (1) or smaller (-1) text; 0 is the ordinary one. */
export function stepTextSize(step: 1 | 0 | -1): void {
  const at = TEXT_SIZES.indexOf(appearance().textSize);
  const textSize = step === 0 ? ORDINARY.textSize : TEXT_SIZES[at + step];
  if (textSize !== undefined) {
    changeAppearance({ textSize });
  }
}

/** Writes it onto the page, for the style sheets. The same happens in public/appearance.js before the first frame. */
export function showAppearance(): void {
  const { theme, density, textSize } = appearance();
  const root = document.documentElement;
  set(root, 'theme', theme === 'system' ? undefined : theme);
  set(root, 'density', density === 'compact' ? density : undefined);
  root.style.fontSize = textSize === ORDINARY.textSize ? '' : `${textSize}%`;
}

/** Speaks the language that was chosen, and follows the system where none was. */
export function speakChosen(): Promise<void> {
  return speak(appearance().language);
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, appearance);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(root: HTMLElement, name: 'theme' | 'density', value: string | undefined): void {
  if (value === undefined) {
    root.removeAttribute(`data-${name}`);
  } else {
    root.dataset[name] = value;
  }
}

function storedText(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return held.stored;
  }
}

/** What cannot be understood, such as something an older version wrote, is as ordinary. */
function parsed(stored: string | null): Appearance {
  let kept: Partial<Record<keyof Appearance, unknown>> = {};
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    kept = typeof value === 'object' && value !== null ? value : {};
  } catch {
    return ORDINARY;
  }
  return {
    theme: THEMES.find((theme) => theme === kept.theme) ?? ORDINARY.theme,
    density: DENSITIES.find((density) => density === kept.density) ?? ORDINARY.density,
    textSize: TEXT_SIZES.find((size) => size === kept.textSize) ?? ORDINARY.textSize,
    language: languageOf(String(kept.language)) === undefined ? ORDINARY.language : String(kept.language),
    enterSends: typeof kept.enterSends === 'boolean' ? kept.enterSends : ORDINARY.enterSends,
  };
}
