// The text that is being written: saved a moment after the last key, and at once when the conversation is left. People
// read names in it; it is kept, sent and measured with the ids of whom it mentions.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { useLiveCache, usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { encoded, labelled, readable } from '#text/mention-draft.ts';
import type { Mention } from '#text/mentions.ts';

import { useSaveDraft } from './queries.ts';

const PAUSE_MS = 400;

export function useDraft(conversation: ConversationId, initial: string) {
  const save = useSaveDraft(conversation);
  const { unsaved: all } = useLiveCache();
  const people = usePeople();
  const [{ words, labels }, setDraft] = useState(() => readable(initial, people));
  const body = encoded({ words, labels });
  const [isNamed, setNamed] = useState(people.size > 0);
  if (!isNamed && people.size > 0) {
    // The draft came from the disk before the names did.
    setNamed(true);
    setDraft(readable(body, people));
  }
  const unsaved = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Whom the names in the field mean, known before the next drawing. */
  const known = useRef(labels);
  useLayoutEffect(() => {
    known.current = labels;
  }, [labels]);

  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    const body = unsaved.current;
    unsaved.current = null;
    if (body !== null) {
      await save(body);
    }
  }, [save]);

  const change = useCallback(
    (typed: string) => {
      setDraft({ words: typed, labels: known.current });
      unsaved.current = encoded({ words: typed, labels: known.current });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), PAUSE_MS);
    },
    [flush],
  );

  /** What to write for somebody who was chosen; from now on it means them. */
  const mention = useCallback(
    (chosen: Mention): string => {
      const named = labelled(known.current, chosen, people);
      known.current = named.labels;
      return named.label;
    },
    [people],
  );

  /** Puts a text in front that could not be sent. */
  const takeBack = useCallback(
    (unsent: string, typed: string) => {
      const back = readable(unsent, people);
      known.current = new Map([...known.current, ...back.labels]);
      change(typed === '' ? back.words : `${back.words}\n${typed}`);
    },
    [people, change],
  );

  useEffect(() => {
    const keep = () => void flush();
    const forget = all.add(flush);
    window.addEventListener('blur', keep);
    window.addEventListener('pagehide', keep);
    // A hidden window may be ended at any moment, without a word to it.
    document.addEventListener('visibilitychange', keep);
    return () => {
      forget();
      window.removeEventListener('blur', keep);
      window.removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', keep);
      keep();
    };
  }, [flush, all]);

  return { draft: words, body, change, flush, mention, takeBack };
}
