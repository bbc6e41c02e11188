// Where the timeline stands: at what was asked for, the "New" line or the end when it is opened; at the end while the
// end is in sight; and else at the line that is at the upper edge, whatever becomes of the lines above it.

import { useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';

import type { Item } from './items.ts';
import { placeAt, type Placed } from './use-pointed-at.ts';
import { topLine } from './viewport.ts';

interface Followed {
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLDivElement | null>;
  items: readonly Item[];
  atEnd: boolean;
  /** Where a fresh list begins, unless it does as usual. */
  placed: Placed | null;
  unsent: number;
  look: () => void;
}

/** Starts at its place; follows the end while it is on screen; an own message always goes there. */
export function useFollow({ list, scroller, items, atEnd, placed, unsent, look }: Followed) {
  const isPlaced = useRef(false);
  const pressed = useRef(unsent);
  const last = items.length - 1;

  useLayoutEffect(() => {
    const handle = list.current;
    if (handle === null) {
      return;
    }
    const newLine = items.findIndex((item) => item.kind === 'new');
    if (!isPlaced.current) {
      isPlaced.current = true;
      if (placed !== null) {
        placeAt(handle, placed);
      } else if (newLine >= 0) {
        handle.scrollToIndex(newLine, { align: 'start', offset: -handle.viewportSize / 4 });
      } else {
        handle.scrollToIndex(last, { align: 'end' });
      }
    } else if (atEnd || unsent > pressed.current) {
      handle.scrollToIndex(last, { align: 'end' });
    }
    pressed.current = unsent;
    // Only what stands in the timeline moves it; `atEnd` is what was true before that.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [items]);

  useEffect(() => {
    look();
  }, [look]);

  /** The line at the upper edge before the width changed. */
  const anchor = useRef<{ key: string; below: number } | null>(null);
  const keepLine = useEffectEvent(({ key, below }: { key: string; below: number }) => {
    const index = items.findIndex((item) => item.key === key);
    if (index >= 0) {
      list.current?.scrollToIndex(index, { align: 'start', offset: -below });
    }
  });
  const resized = useEffectEvent((isOtherWidth: boolean) => {
    if (atEnd) {
      list.current?.scrollToIndex(last, { align: 'end' });
    } else if (isOtherWidth && anchor.current !== null) {
      keepLine(anchor.current);
    }
    look();
  });
  const noteLine = useEffectEvent(() => {
    anchor.current = list.current && topLine(list.current, items);
  });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    // The composer grew or the window changed: the end stays the end. The first call only tells the size it has.
    let width: number | null = null;
    let settled: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      if (width !== null) {
        resized(width !== element.clientWidth);
        // While the width changes, the line that was at the edge before stays the one to keep.
        clearTimeout(settled);
        settled = setTimeout(noteLine, SETTLED_MS);
      }
      width = element.clientWidth;
    });
    let frame = 0;
    const scrolled = () => {
      // By the next frame the list knows of it as well, whoever heard of it first.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (width === element.clientWidth) {
          noteLine();
        }
      });
    };
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      clearTimeout(settled);
      cancelAnimationFrame(frame);
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroller]);
}

const SETTLED_MS = 250;
