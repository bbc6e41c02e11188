// How keys are written for people: words with Ctrl, on a Mac its signs.

import { text } from '#text/text.ts';

import { isMac, pressOf, waysOf } from './press.ts';
import type { KeyName } from './table.ts';

const ARROWS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', '-': '−' };
const MAC: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'esc', Delete: '⌦' };

/** The keys to press together. */
export type Keys = readonly string[];

/** Every way that is told, each as its keys. */
export function spelledWays(name: KeyName, enterSends = true): Keys[] {
  return waysOf(name, enterSends).map(spelled);
}

/** The first way on one line, for a hint: "Ctrl Shift P". */
export function spelledKeys(name: KeyName, enterSends = true): string {
  return (spelledWays(name, enterSends)[0] ?? []).join(isMac() ? '' : ' ');
}

/** What a control does and its key, for a tooltip. */
export function withKeys(what: string, name: KeyName): string {
  return text.keys.hint(what, spelledKeys(name));
}

function spelled(way: string): Keys {
  const { mod, shift, alt, key } = pressOf(way);
  // Each system has its own order of modifiers.
  const modifiers = isMac()
    ? [alt && 'Alt', shift && 'Shift', mod && 'Mod']
    : [mod && 'Mod', alt && 'Alt', shift && 'Shift'];
  return [...modifiers.filter((modifier) => modifier !== false), key].map(spell);
}

function spell(key: string): string {
  const words: Record<string, string> = text.keys.words;
  return ARROWS[key] ?? (isMac() ? MAC[key] : undefined) ?? words[key] ?? key;
}
