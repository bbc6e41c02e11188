// Marks as read what was on screen while the person was at the window, and nothing else.

import { useCallback, useEffect, useRef } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

import { useMarkRead } from './queries.ts';

/** Looks within this time become one mark. */
const GATHER_MS = 250;

export interface Reading {
  /** Call with the highest ordinal that is on screen. */
  read: (seen: number) => void;
  /** What begins with this ordinal stays unread until the conversation is opened again, or more than was there comes. */
  keepUnread: (ordinal: number) => void;
}

export function useReading(row: ConversationRow, focused: boolean): Reading {
  const markRead = useMarkRead(row.id);
  const wanted = useRef(0);
  const marked = useRef(row.read_ordinal);
  /** Up to here nothing is marked: somebody has just said that it is to be unread. */
  const kept = useRef(0);
  /** Where the mark was when it was last told. */
  const told = useRef(row.read_ordinal);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const flush = useCallback(() => {
    timer.current = null;
    if (wanted.current > marked.current && wanted.current > kept.current) {
      marked.current = wanted.current;
      markRead(wanted.current);
    }
  }, [markRead]);

  const newest = row.ordinal;
  useEffect(() => {
    if (row.read_ordinal < told.current) {
      // "Mark unread" in the list or on another device: still showing what is on screen does not undo it.
      kept.current = newest;
    }
    told.current = row.read_ordinal;
    marked.current = Math.min(marked.current, row.read_ordinal);
    // Only a mark that moves says so, not what arrives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
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

  const keepUnread = useCallback(
    (ordinal: number) => {
      kept.current = newest;
      wanted.current = 0;
      marked.current = ordinal - 1;
    },
    [newest],
  );

  const read = useCallback(
    (seen: number) => {
      if (!focused || seen <= marked.current || seen <= kept.current) {
        return;
      }
      wanted.current = Math.max(wanted.current, seen);
      timer.current ??= setTimeout(flush, GATHER_MS);
    },
    [focused, flush],
  );
  return { read, keepUnread };
}
