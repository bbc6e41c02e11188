// Walking the timeline with arrows: one message is where the person is, and it keeps the focus whatever happens around it.

import { useCallback, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';

import { focusFirmly } from '#ui/focus.ts';

import type { Item } from './items.ts';

/** About a third of a second. */
const PATIENCE_FRAMES = 20;

export interface Walk {
  /** The key of the message that tabs lead to; null when there is none. */
  at: string | null;
  index: number;
  /** Gives the message with this index the focus, drawn or not. */
  go: (index: number) => void;
  /** To the next message in this direction, or the first or last of all. */
  step: (where: 'up' | 'down' | 'start' | 'end') => void;
  onFocus: (target: Element) => void;
}

export function useWalk(
  items: readonly Item[],
  list: RefObject<VirtualizerHandle | null>,
  scroller: RefObject<HTMLElement | null>,
): Walk {
  const [chosen, setChosen] = useState<string | null>(null);
  /** Where the focus is to go as soon as it is drawn. */
  const wanted = useRef<string | null>(null);
  /** What had the focus last; taken out of the page it is looked for again under its key. */
  const focused = useRef<Element | null>(null);
  const index = useMemo(() => {
    const at = items.findIndex((item) => item.key === chosen);
    return at >= 0 ? at : items.findLastIndex(isWalked);
  }, [items, chosen]);
  const at = items[index]?.key ?? null;

  /** A line that is not measured yet is hidden and cannot have the focus; it is tried again with the next frames. */
  const tryFocus = useCallback(
    (frames = PATIENCE_FRAMES) => {
      const key = wanted.current;
      if (key === null) {
        return;
      }
      const element = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      if (element) {
        focusFirmly(element);
      }
      if (element && document.activeElement === element) {
        wanted.current = null;
      } else if (frames > 0) {
        requestAnimationFrame(() => wanted.current === key && tryFocusAgain.current(frames - 1));
      } else {
        wanted.current = null;
      }
    },
    [scroller],
  );
  const tryFocusAgain = useRef(tryFocus);

  useLayoutEffect(() => {
    const was = focused.current;
    if (was !== null && !was.isConnected && document.activeElement === document.body && at !== null) {
      focused.current = null;
      wanted.current ??= at;
      tryFocus();
    }
  });

  const go = useCallback(
    (target: number) => {
      const key = items[target]?.key;
      if (key === undefined) {
        return;
      }
      wanted.current = key;
      setChosen(key);
      list.current?.scrollToIndex(target, { align: 'nearest' });
      tryFocus();
    },
    [items, list, tryFocus],
  );

  const step = useCallback(
    (where: 'up' | 'down' | 'start' | 'end') => {
      const target = targetOf(items, index, where);
      if (target >= 0) {
        go(target);
      }
    },
    [items, index, go],
  );

  const onFocus = useCallback((target: Element) => {
    const message = target.closest('[data-key]');
    if (message instanceof HTMLElement) {
      wanted.current = null;
      focused.current = message;
      setChosen(message.dataset['key'] ?? null);
    }
  }, []);

  return { at, index, go, step, onFocus };
}

function isWalked(item: Item): boolean {
  return item.kind === 'message' || item.kind === 'unsent';
}

function targetOf(items: readonly Item[], from: number, where: 'up' | 'down' | 'start' | 'end'): number {
  switch (where) {
    case 'up':
      return items.slice(0, Math.max(from, 0)).findLastIndex(isWalked);
    case 'down': {
      const at = items.slice(from + 1).findIndex(isWalked);
      return at < 0 ? -1 : from + 1 + at;
    }
    case 'start':
      return items.findIndex(isWalked);
    case 'end':
      return items.findLastIndex(isWalked);
  }
}
