// A message that somebody was led to. Pointed at, it comes to the middle, has the focus, and is marked for a moment;
// come back to, it stands where it stood.

import { useEffect, useEffectEvent, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';

import type { Timeline } from '#bridge/timeline.ts';

import type { Item } from './items.ts';

const MARKED_MS = 2000;

/** A line of the list, and how far below the upper edge it stands; in the middle when that is null. */
export interface Placed {
  index: number;
  below: number | null;
}

interface PointedAt {
  /** The message that is marked just now. */
  seq: number | null;
  /** Where a fresh list begins because of it. */
  placed: Placed | null;
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
  const below = target?.below ?? null;

  const show = useEffectEvent(() => {
    if (index < 0 || list.current === null) {
      return;
    }
    if (below === null) {
      go(index);
    }
    placeAt(list.current, { index, below });
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
  return {
    seq: isFresh && below === null ? target.seq : null,
    placed: isFresh && index >= 0 ? { index, below } : null,
  };
}

export function placeAt(list: VirtualizerHandle, { index, below }: Placed): void {
  list.scrollToIndex(index, below === null ? { align: 'center' } : { align: 'start', offset: -below });
}
