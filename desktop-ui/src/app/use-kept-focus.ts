// The focus is never nowhere: when the control that had it is taken away or can no longer be used, the composer gets
// it, else the list; where a dialog covers them, a control of the dialog.

import { useEffect } from 'react';

import { focusFirstOf, focusInDialog } from './regions.ts';

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
      if (!isNowhere() || last === null || (last.isConnected && !last.matches(':disabled'))) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isNowhere() && !focusInDialog(last)) {
          focusFirstOf('composer', 'messages', 'found', 'list');
        }
      }, PATIENCE_MS);
    };
    const observer = new MutationObserver(check);
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
}

function isNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.matches(':disabled');
}
