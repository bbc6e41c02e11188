// Where the person is in the window: which conversation, with which pane beside it, or in the settings.

import { useEffect, useRef, useState } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';

import { focusFirstOf } from './regions.ts';
import { rememberConversation, rememberedConversation } from './remembered.ts';

export type OpenPane = { kind: 'details' } | { kind: 'pins' } | { kind: 'person'; person: UserId };

interface Place {
  conversation: ConversationId | null;
  /** In a narrow window the list and the conversation are two pages. */
  page: 'list' | 'conversation';
  pane: OpenPane | null;
  settings: boolean;
}

export function usePlace(rows: readonly ConversationRow[] | undefined) {
  const [place, setPlace] = useState<Place>({ conversation: null, page: 'list', pane: null, settings: false });
  const frame = useRef<HTMLDivElement>(null);
  const paneOpenedFrom = useRef<Element | null>(null);
  if (place.conversation === null && rows?.[0] !== undefined) {
    // The one that was open last time, else the one with the newest activity. Later activity opens nothing by itself.
    const remembered = rememberedConversation();
    const conversation = rows.find((candidate) => candidate.id === remembered)?.id ?? rows[0].id;
    setPlace({ ...place, conversation });
  }

  const isLoaded = rows !== undefined;
  useEffect(() => {
    // In a narrow window the page that had the focus is gone; the one that came takes it.
    if (isLoaded && isOnePage()) {
      focusFirstOf(...(place.page === 'list' ? ['list'] : ['composer', 'messages']));
    }
  }, [place.page, isLoaded]);

  const hasPane = place.pane !== null;
  useEffect(() => {
    // Over the conversation a pane takes the focus, beside it the person goes there when they want to.
    const pane = frame.current?.querySelector<HTMLElement>('[data-region="pane"]');
    if (hasPane && pane && getComputedStyle(pane).position === 'absolute') {
      focusFirstOf('pane');
    }
  }, [hasPane]);

  function to(conversation: ConversationId) {
    rememberConversation(conversation);
    setPlace((now) => ({
      conversation,
      page: 'conversation',
      pane: now.conversation === conversation ? now.pane : null,
      settings: false,
    }));
  }

  function pane(opened: OpenPane | null) {
    if (opened !== null) {
      paneOpenedFrom.current ??= document.activeElement;
    } else {
      giveFocusBack(paneOpenedFrom.current);
      paneOpenedFrom.current = null;
    }
    setPlace((now) => ({ ...now, pane: opened, page: opened === null ? now.page : 'conversation' }));
  }

  const go = {
    to,
    pane,
    back: () => setPlace((now) => ({ ...now, page: 'list' })),
    settings: (open: boolean) => setPlace((now) => ({ ...now, settings: open })),
  };
  return { place, go, frame };
}

/** Whether the list and the conversation have no room beside each other. */
function isOnePage(): boolean {
  const shown = [...document.querySelectorAll<HTMLElement>('[data-region="list"], [data-region="messages"]')];
  return shown.some((region) => region.offsetParent === null);
}

/** To what opened the pane, if it is still there. */
function giveFocusBack(opener: Element | null) {
  const inPane = document.activeElement?.closest('[data-region="pane"]') != null;
  const isNowhere = document.activeElement === document.body;
  if (!inPane && !isNowhere) {
    return;
  }
  if (opener instanceof HTMLElement && opener.isConnected && opener.offsetParent !== null && opener !== document.body) {
    opener.focus();
  } else {
    focusFirstOf('composer', 'messages');
  }
}
