// A list over the text one writes: arrows choose, Enter or Tab takes, Escape and a caret elsewhere close it.

import { useCallback, useId, useState, type KeyboardEvent, type RefObject } from 'react';

/** What is being named in the text, and where. */
export interface Begun {
  query: string;
  from: number;
  to: number;
}

export interface Choices<T> {
  id: string;
  begun: Begun | null;
  found: readonly T[];
  active: number;
  setActive: (index: number) => void;
  choose: (index: number) => void;
  /** Whether the key was meant for it. */
  press: (event: KeyboardEvent) => boolean;
  moved: (area: HTMLTextAreaElement) => void;
  close: () => void;
}

interface Wanted<T> {
  area: RefObject<HTMLTextAreaElement | null>;
  begun: Begun | null;
  setBegun: (begun: Begun | null) => void;
  found: readonly T[];
  put: (chosen: T, begun: Begun) => void;
}

export function useChoices<T>({ area, begun, setBegun, found, put }: Wanted<T>): Choices<T> {
  const id = useId();
  const [chosen, setChosen] = useState<{ query: string; index: number }>({ query: '', index: 0 });
  const close = useCallback(() => setBegun(null), [setBegun]);
  const query = begun?.query ?? '';
  // Another key finds others; the first of them is meant.
  const active = Math.min(chosen.query === query ? chosen.index : 0, found.length - 1);
  const setActive = (index: number) => setChosen({ query, index });

  function choose(index: number) {
    const taken = found[index];
    if (taken !== undefined && begun !== null) {
      put(taken, begun);
      close();
      area.current?.focus();
    }
  }

  function press(event: KeyboardEvent): boolean {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (found.length === 0) {
      return false;
    }
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

  function moved(element: HTMLTextAreaElement) {
    if (begun !== null && element.selectionStart !== begun.to) {
      close();
    }
  }

  return { id, begun, found, active, setActive, choose, press, moved, close };
}
