// Marks as read what was on screen while the person was at the window, and nothing else.

import { useCallback, useEffect, useRef } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

import { useMarkRead } from './queries.ts';

/** Looks within this time become one mark. */
const GATHER_MS = 250;

/** Gives back what to call with the highest ordinal that is on screen. */
export function useReading(row: ConversationRow, focused: boolean): (seen: number) => void {
  const markRead = useMarkRead(row.id);
  const wanted = useRef(0);
  const marked = useRef(row.read_ordinal);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const flush = useCallback(() => {
    timer.current = null;
    if (wanted.current > marked.current) {
      marked.current = wanted.current;
      markRead(wanted.current);
    }
  }, [markRead]);

  useEffect(() => {
    // "Mark unread" on another device moves the mark back; reading again must be told again.
    marked.current = Math.min(marked.current, row.read_ordinal);
  }, [row.read_ordinal]);

  useEffect(
    () => () => {
      if (timer.current !== null) {
        clearTimeout(timer.current);
        flush();
      }
    },
    [flush],
  );

  return useCallback(
    (seen: number) => {
      if (!focused || seen <= marked.current) {
        return;
      }
      wanted.current = Math.max(wanted.current, seen);
      timer.current ??= setTimeout(flush, GATHER_MS);
    },
    [focused, flush],
  );
}
