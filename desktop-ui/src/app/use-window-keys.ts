// Keys that work everywhere in the main window, and the buttons of a mouse that go back and forward.

import { useEffect, useEffectEvent } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { neighbour } from '#features/conversations/sections.ts';
import { digitOf, meaningOf } from '#ui/keys/press.ts';

import { moveBetweenRegions } from './regions.ts';

const MEANINGS = [
  'switcher',
  'search',
  'newMessage',
  'back',
  'forward',
  'nextRegion',
  'previousRegion',
  'close',
  'settings',
  'keys',
  'previous',
  'next',
  'previousUnread',
  'nextUnread',
  'nth',
] as const;

/** The buttons beside the wheel, as browsers count them. */
const MOUSE: Record<number, 'back' | 'forward'> = { 3: 'back', 4: 'forward' };

export interface WindowKeys {
  /** Conversations as the list shows them, from top to bottom. */
  order: readonly ConversationRow[];
  selected: ConversationId | null;
  onSelect: (conversation: ConversationId) => void;
  onStep: (direction: 'back' | 'forward') => void;
  onSwitcher: () => void;
  onSearch: () => void;
  onNewMessage: () => void;
  onSettings: () => void;
  onKeySheet: () => void;
  /** Nothing else wanted the key. */
  onEscape: () => void;
}

export function useWindowKeys(keys: WindowKeys) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isDialogOpen()) {
      return;
    }
    const meaning = meaningOf(event, MEANINGS);
    if (meaning !== null) {
      event.preventDefault();
      act(meaning, event, keys);
    }
  });
  const click = useEffectEvent((event: MouseEvent) => {
    const direction = MOUSE[event.button];
    if (direction !== undefined && !isDialogOpen()) {
      event.preventDefault();
      keys.onStep(direction);
    }
  });

  useEffect(() => {
    const keyListener = (event: KeyboardEvent) => press(event);
    const mouseListener = (event: MouseEvent) => click(event);
    window.addEventListener('keydown', keyListener);
    window.addEventListener('mouseup', mouseListener);
    return () => {
      window.removeEventListener('keydown', keyListener);
      window.removeEventListener('mouseup', mouseListener);
    };
  }, []);
}

/** A dialog has the keyboard to itself. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}

function act(meaning: (typeof MEANINGS)[number], event: KeyboardEvent, keys: WindowKeys): void {
  const select = (row: ConversationRow | undefined) => row !== undefined && keys.onSelect(row.id);
  const walk = (step: 1 | -1, onlyUnread: boolean) => select(neighbour(keys.order, keys.selected, step, onlyUnread));
  const acts: Record<typeof meaning, () => unknown> = {
    switcher: keys.onSwitcher,
    search: keys.onSearch,
    newMessage: keys.onNewMessage,
    back: () => keys.onStep('back'),
    forward: () => keys.onStep('forward'),
    nextRegion: () => moveBetweenRegions(1),
    previousRegion: () => moveBetweenRegions(-1),
    close: keys.onEscape,
    settings: keys.onSettings,
    keys: keys.onKeySheet,
    previous: () => walk(-1, false),
    next: () => walk(1, false),
    previousUnread: () => walk(-1, true),
    nextUnread: () => walk(1, true),
    nth: () => select(keys.order[(digitOf(event) ?? 0) - 1]),
  };
  acts[meaning]();
}
