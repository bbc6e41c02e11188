// The focus is never nowhere: when the control that had it is taken away, the composer gets it, else the list.

import { useEffect } from 'react';

import { focusFirstOf } from './regions.ts';

/** Whoever takes a control away may give its focus back by itself, a frame or two later. */
const PATIENCE_MS = 60;

export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = document.activeElement;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = (event: FocusEvent) => {
      last = event.target instanceof Element ? event.target : null;
    };
    const check = () => {
      if (document.activeElement !== document.body || last === null || last.isConnected) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (document.activeElement === document.body) {
          focusFirstOf('composer', 'messages', 'list');
        }
      }, PATIENCE_MS);
    };
    const observer = new MutationObserver(check);
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
}
