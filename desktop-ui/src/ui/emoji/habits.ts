// Which emoji the person at this computer uses, and in which skin tone. Kept here only; nothing is lost without it.

import { useSyncExternalStore } from 'react';

import type { Tone } from './emoji-data.ts';

interface Habits {
  tone: Tone;
  /** The last used first. */
  used: { emoji: string; times: number }[];
}

const KEY = 'loquat.emoji';
/** More than anybody uses in a month. */
const MOST = 36;
const AT_FIRST = ['👍', '❤️', '🎉', '😄', '👀', '✅'];

const listeners = new Set<() => void>();
let written: string | null = null;
let held: Habits = { tone: 0, used: [] };

function habits(): Habits {
  const now = read();
  if (now !== written) {
    written = now;
    held = parse(now);
  }
  return held;
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function parse(stored: string | null): Habits {
  try {
    const { tone, used } = JSON.parse(stored ?? '') as Partial<Habits>;
    const isWhole = Array.isArray(used) && used.every((use) => typeof use.emoji === 'string' && use.times > 0);
    return { tone: tone ?? 0, used: isWhole ? used : [] };
  } catch {
    return { tone: 0, used: [] };
  }
}

function write(next: Habits): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A full or forbidden storage only means that the usual ones are not learnt.
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function noteUse(emoji: string): void {
  const { tone, used } = habits();
  const times = (used.find((use) => use.emoji === emoji)?.times ?? 0) + 1;
  write({ tone, used: [{ emoji, times }, ...used.filter((use) => use.emoji !== emoji)].slice(0, MOST) });
}

export function chooseTone(tone: Tone): void {
  write({ ...habits(), tone });
}

export function useTone(): Tone {
  return useSyncExternalStore(subscribe, habits).tone;
}

/** The last used first. */
export function useRecent(): readonly string[] {
  return useSyncExternalStore(subscribe, habits).used.map((use) => use.emoji);
}

/** The most used, filled up with those that most people use. */
export function useMostUsed(most: number): readonly string[] {
  const { used } = useSyncExternalStore(subscribe, habits);
  const byTimes = [...used].sort((a, b) => b.times - a.times).map((use) => use.emoji);
  return [...new Set([...byTimes, ...AT_FIRST])].slice(0, most);
}
