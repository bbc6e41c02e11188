// The keys of a focused message: arrows walk, letters do.

import { useCallback, type KeyboardEvent } from 'react';

import type { MessageView } from '#bridge/generated/MessageView.ts';

import type { MessageActions, Point } from './actions.ts';
import type { Item } from './items.ts';
import type { Walk } from './use-walk.ts';

interface Keys {
  items: readonly Item[];
  walk: Walk;
  actions: MessageActions;
  onEscape: () => void;
}

const STEPS: Record<string, 'up' | 'down' | 'start' | 'end'> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'start',
  End: 'end',
};

export function useMessageKeys({ items, walk, actions, onEscape }: Keys) {
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const target = event.target as HTMLElement;
      // Only the message itself has keys; its controls have their own.
      if (!target.matches('[data-key]') || event.defaultPrevented || event.altKey || event.metaKey) {
        return;
      }
      const step = event.ctrlKey || event.shiftKey ? undefined : STEPS[event.key];
      if (step !== undefined) {
        event.preventDefault();
        walk.step(step);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        onEscape();
        return;
      }
      const item = items.find((candidate) => candidate.key === target.dataset['key']);
      if (item?.kind === 'message' && act(event, item.message, actions, placeOf(target))) {
        event.preventDefault();
      }
    },
    [items, walk, actions, onEscape],
  );
}

/** Whether the key meant something. */
function act(event: KeyboardEvent, message: MessageView, actions: MessageActions, place: Point): boolean {
  const may = actions.rights(message);
  if (event.ctrlKey) {
    if (event.key.toLowerCase() !== 'c' || message.deleted_by !== null) {
      return false;
    }
    actions.copyText(message);
    return true;
  }
  switch (event.key) {
    case 'r':
      return may.reply && done(() => actions.reply(message));
    case 'e':
      return may.edit && done(() => actions.edit(message));
    case '+':
      return may.react && done(() => actions.openPicker(message, place));
    case 'p':
      return may.pin && done(() => actions.pin(message, !message.pinned));
    case 'u':
      return done(() => actions.markUnread(message));
    case 'Delete':
      return may.remove && done(() => actions.askDelete(message));
    case 'ContextMenu':
      return done(() => actions.openMenu(message, place));
    case 'F10':
      return event.shiftKey && done(() => actions.openMenu(message, place));
    default:
      return false;
  }
}

function done(act: () => void): true {
  act();
  return true;
}

/** Where what a key opens belongs: beside the text, under the first line. */
function placeOf(message: HTMLElement): Point {
  const { left, top, width } = message.getBoundingClientRect();
  return { x: left + Math.min(width / 4, 96), y: top + 24 };
}
