// A message that somebody was led to: it comes to the middle, has the focus, and is marked for a moment.

import { useEffect, useEffectEvent, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';

import type { Timeline } from '#bridge/timeline.ts';

import type { Item } from './items.ts';

const MARKED_MS = 2000;

interface PointedAt {
  /** The message that is marked just now. */
  seq: number | null;
  /** Where a fresh list begins because of it; -1 for no such place. */
  index: number;
}

export function usePointedAt(
  target: Timeline['target'],
  items: readonly Item[],
  list: RefObject<VirtualizerHandle | null>,
  go: (index: number) => void,
): PointedAt {
  const [done, setDone] = useState(0);
  const index =
    target === null ? -1 : items.findIndex((item) => item.kind === 'message' && item.message.seq === target.seq);
  const asked = target?.asked ?? 0;

  const show = useEffectEvent(() => {
    if (index >= 0) {
      go(index);
      list.current?.scrollToIndex(index, { align: 'center' });
    }
  });
  useEffect(() => {
    if (asked === 0) {
      return;
    }
    show();
    const timer = setTimeout(() => setDone(asked), MARKED_MS);
    return () => clearTimeout(timer);
  }, [asked]);

  const isFresh = target !== null && asked !== done;
  return { seq: isFresh ? target.seq : null, index: isFresh ? index : -1 };
}
