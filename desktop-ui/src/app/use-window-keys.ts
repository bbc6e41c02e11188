// Keys that work everywhere in the main window; the sheet of key-sheet.tsx lists them.

import { useEffect, useEffectEvent } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { neighbour } from '#features/conversations/sections.ts';

import { moveBetweenRegions } from './regions.ts';

export interface WindowKeys {
  /** Conversations as the list shows them, from top to bottom. */
  order: readonly ConversationRow[];
  selected: ConversationId | null;
  onSelect: (conversation: ConversationId) => void;
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
    const act = actOf(event, keys);
    if (act !== null) {
      event.preventDefault();
      act();
    }
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

/** A dialog has the keyboard to itself. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}

function actOf(event: KeyboardEvent, keys: WindowKeys): (() => void) | null {
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && !event.shiftKey) {
    return commandOf(event, keys);
  }
  if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    const target = neighbour(keys.order, keys.selected, event.key === 'ArrowUp' ? -1 : 1, event.shiftKey);
    // The key is taken even at the end of the list, so that it never does something else there.
    return () => target !== undefined && keys.onSelect(target.id);
  }
  if (event.key === 'F6' && !command && !event.altKey) {
    return () => moveBetweenRegions(event.shiftKey ? -1 : 1);
  }
  return event.key === 'Escape' && !command && !event.altKey && !event.shiftKey ? keys.onEscape : null;
}

function commandOf(event: KeyboardEvent, keys: WindowKeys): (() => void) | null {
  switch (event.key.toLowerCase()) {
    case 'n':
      return keys.onNewMessage;
    case ',':
      return keys.onSettings;
    case '/':
      return keys.onKeySheet;
  }
  // By its place on the keyboard: not every layout types a digit there without Shift.
  const digit = /^(?:Digit|Numpad)([1-9])$/u.exec(event.code)?.[1];
  const nth = digit === undefined ? undefined : keys.order[Number(digit) - 1];
  return nth === undefined ? null : () => keys.onSelect(nth.id);
}
