// Where the timeline stands: at the "New" line or the end when it is opened, at the end while the end is in sight.

import { useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';

import type { Item } from './items.ts';

interface Followed {
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLDivElement | null>;
  items: readonly Item[];
  atEnd: boolean;
  unsent: number;
  look: () => void;
}

/** Starts at the "New" line or the end; follows the end while it is on screen; an own message always goes there. */
export function useFollow({ list, scroller, items, atEnd, unsent, look }: Followed) {
  const placed = useRef(false);
  const pressed = useRef(unsent);
  const last = items.length - 1;

  useLayoutEffect(() => {
    const handle = list.current;
    if (handle === null) {
      return;
    }
    const newLine = items.findIndex((item) => item.kind === 'new');
    if (!placed.current) {
      placed.current = true;
      if (newLine >= 0) {
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

  const resized = useEffectEvent(() => {
    if (atEnd) {
      list.current?.scrollToIndex(last, { align: 'end' });
    }
    look();
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    // The composer grew or the window changed: the end stays the end. The first call only tells the size it has.
    let known = false;
    const observer = new ResizeObserver(() => {
      if (known) {
        resized();
      }
      known = true;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}
