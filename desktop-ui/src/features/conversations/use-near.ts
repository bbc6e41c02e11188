// Of a very long list only the lines near the screen are drawn. All lines have the same height, so what is left out is
// one gap as high as they would be.

import { useEffect, useState, type RefObject } from 'react';

/** A list of this many lines is drawn whole. */
export const DRAWN_WHOLE = 100;
/** Lines beyond both edges of the screen, so that keys and small steps find them there. */
const AHEAD = 30;
/** The ends move by so many lines at once. */
const STEP = 10;

export interface Near {
  from: number;
  /** The first that is not drawn any more. */
  to: number;
}

export interface Stretch extends Near {
  drawn: boolean;
}

export function useNear(list: RefObject<HTMLElement | null>, count: number): Near {
  const [near, setNear] = useState<Near>({ from: 0, to: DRAWN_WHOLE });
  useEffect(() => {
    const scroller = list.current?.closest('[data-scrolls]');
    if (count <= DRAWN_WHOLE || !scroller) {
      return;
    }
    const look = () => {
      const height = list.current?.querySelector<HTMLElement>('li:not([aria-hidden])')?.offsetHeight ?? 0;
      if (height === 0 || list.current === null) {
        return;
      }
      const above = scroller.getBoundingClientRect().top - list.current.getBoundingClientRect().top;
      const from = Math.max(0, STEP * Math.floor((above / height - AHEAD) / STEP));
      const to = Math.max(from, STEP * Math.ceil(((above + scroller.clientHeight) / height + AHEAD) / STEP));
      setNear((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, [list, count]);
  return count <= DRAWN_WHOLE ? { from: 0, to: count } : near;
}

/** The list from top to bottom: what is near and what is pinned is drawn, the rest is gaps. */
export function stretchesOf(count: number, near: Near, pinned: readonly number[]): Stretch[] {
  const from = Math.min(near.from, count);
  const wanted = [...pinned.map((at) => ({ from: at, to: at + 1 })), { from, to: Math.min(near.to, count) }]
    .filter((stretch) => stretch.from >= 0 && stretch.from < stretch.to && stretch.to <= count)
    .sort((a, b) => a.from - b.from);
  const stretches: Stretch[] = [];
  let end = 0;
  for (const stretch of wanted) {
    if (stretch.from > end) {
      stretches.push({ from: end, to: stretch.from, drawn: false });
    }
    if (stretch.to > end) {
      stretches.push({ from: Math.max(end, stretch.from), to: stretch.to, drawn: true });
      end = stretch.to;
    }
  }
  return end < count ? [...stretches, { from: end, to: count, drawn: false }] : stretches;
}
