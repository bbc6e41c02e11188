// A point of the window that something opens at.

import { useRef, type RefObject } from 'react';

import type { Point } from './actions.ts';

export function useAnchor(): RefObject<HTMLSpanElement | null> {
  return useRef<HTMLSpanElement>(null);
}

export function Anchor({ at, ref }: { at: Point; ref: RefObject<HTMLSpanElement | null> }) {
  return <span ref={ref} aria-hidden style={{ position: 'fixed', left: `${at.x}px`, top: `${at.y}px` }} />;
}
