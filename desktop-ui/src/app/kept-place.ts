// Where the person was when the window was last seen, so that one that is started again shows the same. A hidden window
// is ended after some minutes. Nothing is lost without it.

import { useEffect } from 'react';

import { useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { LiveCache } from '#bridge/live-cache.ts';
import type { Anchor } from '#bridge/timeline.ts';

import type { Place } from './use-place.ts';

const KEY = 'loquat.place';

interface KeptPlace extends Omit<Place, 'settings'> {
  /** Null at the end of the conversation. */
  at: Anchor | null;
}

/** What was open in this conversation; nothing when another one was. The reader is led to where they were in it. */
export function broughtBack(live: LiveCache, conversation: ConversationId): Partial<Place> {
  const kept = read();
  if (kept?.conversation !== conversation) {
    return {};
  }
  live.readAt(conversation, kept.at);
  const { view, page, pane } = kept;
  return { view, page, pane };
}

/** Keeps the place whenever it changes, and where the reader is in it whenever the person looks away. */
export function useKeptPlace({ view, conversation, page, pane }: Place): void {
  const live = useLiveCache();
  useEffect(() => {
    if (conversation === null) {
      return;
    }
    const keep = () => write({ view, conversation, page, pane, at: live.placeIn(conversation) });
    keep();
    document.addEventListener('visibilitychange', keep);
    window.addEventListener('blur', keep);
    window.addEventListener('pagehide', keep);
    return () => {
      document.removeEventListener('visibilitychange', keep);
      window.removeEventListener('blur', keep);
      window.removeEventListener('pagehide', keep);
    };
  }, [live, view, conversation, page, pane]);
}

function read(): KeptPlace | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as KeptPlace | null;
  } catch {
    return null;
  }
}

function write(place: KeptPlace): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // A full or forbidden storage only means starting elsewhere.
  }
}
