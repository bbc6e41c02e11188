// Ending the app, by its key or from the menu. What was typed and sent is with the client first.

import { useCallback, useEffect } from 'react';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import { means } from '#ui/keys/press.ts';

/** Whoever quits does not wait longer for a disk that does not answer. */
const MOST_MS = 2000;

export function useQuit(): () => void {
  const host = useHost();
  const live = useLiveCache();
  return useCallback(() => {
    const late = new Promise((resolve) => setTimeout(resolve, MOST_MS));
    void Promise.race([live.settled(), late])
      .then(() => host.quit())
      // The app that should end is gone already.
      .catch(() => undefined);
  }, [host, live]);
}

/** On every screen, over dialogs too. */
export function useQuitKey(): void {
  const quit = useQuit();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (means(event, 'quit')) {
        event.preventDefault();
        quit();
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [quit]);
}
