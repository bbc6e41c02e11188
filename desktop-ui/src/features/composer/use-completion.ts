// `:ta` offers emoji whose names begin so; `:tada:` becomes one by itself.

import { useMemo, useState, type RefObject } from 'react';

import { emojiOfCode, searchEmoji, toned, useEmoji, type Emoji } from '#ui/emoji/emoji-data.ts';
import { noteUse, useTone } from '#ui/emoji/habits.ts';

import type { Insert } from './use-caret.ts';
import { useChoices, type Begun, type Choices } from './use-choices.ts';

const MOST = 8;
/** With fewer letters than this it may be a smiley of signs, such as `:D`. */
const BEGUN = /(?:^|[\s(])(:([a-z0-9_+-]{2,}))$/iu;
const WHOLE = /(?:^|[\s(])(:([a-z0-9_+-]+):)$/iu;

export interface Completion extends Choices<Emoji> {
  typed: (area: HTMLTextAreaElement) => void;
}

export function useCompletion(
  area: RefObject<HTMLTextAreaElement | null>,
  draft: string,
  insert: Insert,
): Completion {
  const tone = useTone();
  const [begun, setBegun] = useState<Begun | null>(null);
  const all = useEmoji(draft.includes(':'));
  const found = useMemo(
    () => (begun === null || all === undefined ? [] : searchEmoji(all, begun.query, MOST)),
    [all, begun],
  );

  function put(emoji: Emoji, from: number, to: number) {
    const char = toned(emoji, tone);
    noteUse(char);
    insert(`${char} `, from, to);
    setBegun(null);
  }

  const choices = useChoices({ area, begun, setBegun, found, put: (emoji, { from, to }) => put(emoji, from, to) });

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
    setBegun(named === undefined || query === undefined ? null : { query, from: to - named.length, to });
  }

  return { ...choices, typed };
}
