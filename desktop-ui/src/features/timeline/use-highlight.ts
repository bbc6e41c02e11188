// Code in colour, once it is there: the plain text stands in its place until then and takes the same room.

import { useEffect, useState } from 'react';

import type { Line } from './highlight.ts';

/** Longer code stays plain: colouring it would be noticed. */
const LONGEST_CODE = 20_000;
/** Blocks whose colours are remembered, so that scrolling back shows them at once. */
const REMEMBERED = 100;

const remembered = new Map<string, Line[] | null>();

export function useHighlight(code: string, language: string): Line[] | null {
  const key = `${language}\n${code}`;
  const [done, setDone] = useState<{ key: string; lines: Line[] | null } | null>(null);
  const known = remembered.get(key);
  useEffect(() => {
    if (language === '' || code.length > LONGEST_CODE || known !== undefined) {
      return;
    }
    let current = true;
    void colour(code, language).then((lines) => {
      remember(key, lines);
      if (current) {
        setDone({ key, lines });
      }
    });
    return () => {
      current = false;
    };
  }, [code, language, key, known]);
  return known ?? (done?.key === key ? done.lines : null);
}

/** A part of the program that cannot be loaded leaves the code plain. */
async function colour(code: string, language: string): Promise<Line[] | null> {
  try {
    const { highlight } = await import('./highlight.ts');
    return await highlight(code, language);
  } catch {
    return null;
  }
}

function remember(key: string, lines: Line[] | null): void {
  const [oldest] = remembered.keys();
  if (oldest !== undefined && remembered.size >= REMEMBERED) {
    remembered.delete(oldest);
  }
  remembered.set(key, lines);
}
