// What a press of a key means, by the table.

import { KEYS, type KeyMeaning, type KeyName } from './table.ts';

/** What a browser tells of a press; React's events and its own are alike in this. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

export interface Press {
  mod: boolean;
  shift: boolean;
  alt: boolean;
  key: string;
}

const MODIFIERS = /^(?:Mod|Shift|Alt)$/u;
const DIGITS = '1–9';
const DIGIT_CODE = /^(?:Digit|Numpad)(\d)$/u;
/** A sign that some layouts type with Shift and others without. */
const SIGN = /^[^\p{L}\d]$/u;

const read = new Map<string, Press>();

/** A press as the table writes it. */
export function pressOf(way: string): Press {
  const known = read.get(way);
  if (known !== undefined) {
    return known;
  }
  // `Mod++` is Mod and the plus sign.
  const parts = way.match(/[^+]+|\+$/gu) ?? [];
  const modifiers = new Set(parts.filter((part) => MODIFIERS.test(part)));
  const press: Press = {
    mod: modifiers.has('Mod'),
    shift: modifiers.has('Shift'),
    alt: modifiers.has('Alt'),
    key: parts.find((part) => !MODIFIERS.test(part)) ?? '',
  };
  read.set(way, press);
  return press;
}

/** Whether Cmd stands where others have Ctrl. */
export function isMac(): boolean {
  return /mac/iu.test(navigator.platform);
}

/** The ways that are told. `enterSends` is what the person chose. */
export function waysOf(name: KeyName, enterSends = true): readonly string[] {
  const meaning: KeyMeaning = KEYS[name];
  if (!enterSends && meaning.enterBreaks !== undefined) {
    return meaning.enterBreaks;
  }
  return isMac() ? (meaning.mac ?? meaning.ways) : meaning.ways;
}

/** Whether the press has this meaning. */
export function means(event: Pressed, name: KeyName, enterSends = true): boolean {
  const swapped = !enterSends && KEYS[name].enterBreaks !== undefined;
  const ways = [...waysOf(name, enterSends), ...(swapped ? [] : (KEYS[name].also ?? []))];
  return ways.some((way) => isPress(event, pressOf(way)));
}

/** Which of these meanings the press has. */
export function meaningOf<N extends KeyName>(event: Pressed, names: readonly N[]): N | null {
  return names.find((name) => means(event, name)) ?? null;
}

/** The digit of a press, by its place: not every layout types one there without Shift. */
export function digitOf(event: Pressed): number | null {
  const digit = DIGIT_CODE.exec(event.code)?.[1];
  return digit === undefined ? null : Number(digit);
}

function isPress(event: Pressed, press: Press): boolean {
  const [mod, other] = isMac() ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (mod !== press.mod || other || event.altKey !== press.alt) {
    return false;
  }
  // A sign is one key on one layout and two on another; what it is counts, not how it is typed.
  return (SIGN.test(press.key) || event.shiftKey === press.shift) && isKey(event, press.key);
}

function isKey(event: Pressed, key: string): boolean {
  const digit = digitOf(event);
  if (key === DIGITS) {
    return digit !== null && digit > 0;
  }
  if (/^\d$/u.test(key)) {
    return digit === Number(key);
  }
  if (/^[A-Z]$/u.test(key)) {
    // Where the layout has no Latin letters, the place of the key counts.
    return /^[\x20-\x7e]$/u.test(event.key) ? event.key.toUpperCase() === key : event.code === `Key${key}`;
  }
  return event.key === key;
}
