// The text that is being written: saved a moment after the last key, and at once when the conversation is left.

import { useCallback, useEffect, useRef, useState } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';

import { useSaveDraft } from './queries.ts';

const PAUSE_MS = 400;

export function useDraft(conversation: ConversationId, initial: string) {
  const save = useSaveDraft(conversation);
  const [draft, setDraft] = useState(initial);
  const unsaved = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current !== null) {
      save(unsaved.current);
      unsaved.current = null;
    }
  }, [save]);

  const change = useCallback(
    (text: string) => {
      setDraft(text);
      unsaved.current = text;
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, PAUSE_MS);
    },
    [flush],
  );

  useEffect(() => {
    window.addEventListener('blur', flush);
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('blur', flush);
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

  return { draft, change, flush };
}
