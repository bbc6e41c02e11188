// Where the person is in the window: which conversation, with which pane beside it, or in the settings; and where they
// were before.

import { useEffect, useRef, useState } from 'react';

import { useLiveCache } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';

import { broughtBack, useKeptPlace } from './kept-place.ts';
import { focusFirstOf } from './regions.ts';
import { rememberConversation, rememberedConversation } from './remembered.ts';
import { left, NO_TRAIL, stepped, type Spot, type View } from './trail.ts';

export type OpenPane = { kind: 'details' } | { kind: 'pins' } | { kind: 'person'; person: UserId };

export interface Place {
  view: View;
  conversation: ConversationId | null;
  /** In a narrow window the list and the conversation are two pages. */
  page: 'list' | 'conversation';
  pane: OpenPane | null;
  /** Open, or open at a page of their own. */
  settings: boolean | 'connection';
}

export function usePlace(rows: readonly ConversationRow[] | undefined) {
  const live = useLiveCache();
  const [trail, setTrail] = useState(NO_TRAIL);
  const [place, setPlace] = useState<Place>({ view: 'conversation', conversation: null, page: 'list', pane: null, settings: false });
  const frame = useRef<HTMLDivElement>(null);
  const paneOpenedFrom = useRef<Element | null>(null);
  if (place.conversation === null && rows?.[0] !== undefined) {
    // The one that was open last time, else the one with the newest activity. Later activity opens nothing by itself.
    const remembered = rememberedConversation();
    const conversation = rows.find((candidate) => candidate.id === remembered)?.id ?? rows[0].id;
    setPlace({ ...place, ...broughtBack(live, conversation), conversation });
  }

  useKeptPlace(place);

  const isLoaded = rows !== undefined;
  useEffect(() => {
    // In a narrow window the page that had the focus is gone; the one that came takes it.
    if (isLoaded && isOnePage()) {
      focusFirstOf(...(place.page === 'list' ? ['list'] : ['found', 'composer', 'messages']));
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

  function here(): Spot | null {
    const { view, conversation } = place;
    if (view !== 'conversation') {
      return { view, conversation, at: null };
    }
    return conversation === null ? null : { view, conversation, at: live.placeIn(conversation) };
  }

  /** What is shown next is somewhere else, be it in the same conversation. */
  function leave() {
    const spot = here();
    if (spot !== null) {
      setTrail((before) => left(before, spot));
    }
  }

  function to(conversation: ConversationId) {
    if (conversation !== place.conversation || place.view !== 'conversation') {
      leave();
    }
    show('conversation', conversation);
  }

  function step(direction: 'back' | 'forward') {
    const found = stepped(trail, direction, here(), isThere);
    if (found === null) {
      return;
    }
    const { view, conversation, at } = found.to;
    setTrail(found.trail);
    // A conversation that was left at its end opens as it always does.
    const isOpen = place.view === 'conversation' && conversation === place.conversation;
    if (view === 'conversation' && conversation !== null && (at !== null || isOpen)) {
      void live.returnTo(conversation, at);
    }
    show(view, conversation);
  }

  function isThere(spot: Spot): boolean {
    return spot.view !== 'conversation' || rows?.some((row) => row.id === spot.conversation) === true;
  }

  /** Searching, or what mentions the person: instead of the conversation. */
  function toView(view: View) {
    if (view !== place.view) {
      leave();
    }
    show(view, place.conversation);
  }

  function show(view: View, conversation: ConversationId | null) {
    if (conversation !== null) {
      rememberConversation(conversation);
    }
    setPlace((now) => ({
      view,
      conversation,
      page: 'conversation',
      pane: view === 'conversation' && now.conversation === conversation ? now.pane : null,
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
    setPlace((now) => ({ ...now, view: 'conversation', pane: opened, page: opened === null ? now.page : 'conversation' }));
  }

  const go = {
    to,
    toView,
    /** Call before something else of the open conversation is shown. */
    leave,
    step,
    pane,
    toList: () => setPlace((now) => ({ ...now, page: 'list' })),
    settings: (open: Place['settings']) => setPlace((now) => ({ ...now, settings: open })),
  };
  /** Where the person was last, the newest first; without where they are. */
  const visited = trail.before.flatMap((spot) => spot.conversation ?? []).reverse();
  const recent = [...new Set(visited)].filter((id) => id !== place.conversation);
  return { place, go, frame, recent };
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
