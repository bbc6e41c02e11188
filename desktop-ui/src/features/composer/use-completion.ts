// `:ta` offers emoji whose names begin so; `:tada:` becomes one by itself.

import { useCallback, useId, useMemo, useState, type KeyboardEvent, type RefObject } from 'react';

import { emojiOfCode, searchEmoji, toned, useEmoji, type Emoji } from '#ui/emoji/emoji-data.ts';
import { noteUse, useTone } from '#ui/emoji/habits.ts';

import type { Insert } from './use-caret.ts';

const MOST = 8;
/** With fewer letters than this it may be a smiley of signs, such as `:D`. */
const BEGUN = /(?:^|[\s(])(:([a-z0-9_+-]{2,}))$/iu;
const WHOLE = /(?:^|[\s(])(:([a-z0-9_+-]+):)$/iu;

export interface Completion {
  id: string;
  /** What is typed behind the colon. */
  query: string;
  found: readonly Emoji[];
  active: number;
  setActive: (index: number) => void;
  choose: (index: number) => void;
  /** Whether the key was meant for it. */
  press: (event: KeyboardEvent) => boolean;
  typed: (area: HTMLTextAreaElement) => void;
  moved: (area: HTMLTextAreaElement) => void;
  close: () => void;
}

interface Begun {
  query: string;
  from: number;
  to: number;
}

export function useCompletion(
  area: RefObject<HTMLTextAreaElement | null>,
  draft: string,
  insert: Insert,
): Completion {
  const id = useId();
  const tone = useTone();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [active, setActive] = useState(0);
  const all = useEmoji(draft.includes(':'));
  const found = useMemo(
    () => (begun === null || all === undefined ? [] : searchEmoji(all, begun.query, MOST)),
    [all, begun],
  );
  const close = useCallback(() => setBegun(null), []);

  function put(emoji: Emoji, from: number, to: number) {
    const char = toned(emoji, tone);
    noteUse(char);
    insert(`${char} `, from, to);
    setBegun(null);
  }

  function choose(index: number) {
    const emoji = found[index];
    if (emoji !== undefined && begun !== null) {
      put(emoji, begun.from, begun.to);
      area.current?.focus();
    }
  }

  function press(event: KeyboardEvent): boolean {
    if (found.length === 0) {
      return false;
    }
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      setActive((active + step + found.length) % found.length);
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
      choose(active);
    } else if (event.key === 'Escape') {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  /** The caret moved: what is being named is no longer before it. */
  function moved(element: HTMLTextAreaElement) {
    if (begun !== null && element.selectionStart !== begun.to) {
      close();
    }
  }

  function typed(element: HTMLTextAreaElement) {
    const to = element.selectionStart;
    const before = element.value.slice(0, to);
    const whole = WHOLE.exec(before);
    const emoji = whole?.[2] === undefined ? undefined : emojiOfCode(all ?? [], whole[2].toLowerCase());
    if (whole?.[1] !== undefined && emoji !== undefined) {
      put(emoji, to - whole[1].length, to);
      return;
    }
    const [, named, query] = BEGUN.exec(before) ?? [];
    setActive(0);
    setBegun(named === undefined || query === undefined ? null : { query, from: to - named.length, to });
  }

  return { id, query: begun?.query ?? '', found, active: Math.min(active, found.length - 1), setActive, choose, press, typed, moved, close };
}
