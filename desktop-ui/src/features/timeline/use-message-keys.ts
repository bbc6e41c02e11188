// The keys of a focused message: arrows walk, letters do.

import { useCallback, type KeyboardEvent } from 'react';

import type { MessageView } from '#bridge/generated/MessageView.ts';

import { meaningOf, means } from '#ui/keys/press.ts';

import type { MessageActions, Point } from './actions.ts';
import type { Item } from './items.ts';
import type { Walk } from './use-walk.ts';

interface Keys {
  items: readonly Item[];
  walk: Walk;
  actions: MessageActions;
  onEscape: () => void;
}

const STEPS = { walkUp: 'up', walkDown: 'down', walkStart: 'start', walkEnd: 'end' } as const;

export function useMessageKeys({ items, walk, actions, onEscape }: Keys) {
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const target = event.target as HTMLElement;
      // Only the message itself has keys; its controls have their own.
      if (!target.matches('[data-key]') || event.defaultPrevented) {
        return;
      }
      const step = meaningOf(event, ['walkUp', 'walkDown', 'walkStart', 'walkEnd']);
      if (step !== null) {
        event.preventDefault();
        walk.step(STEPS[step]);
        return;
      }
      if (means(event, 'close')) {
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

const MEANINGS = ['copy', 'reply', 'edit', 'react', 'pin', 'markUnread', 'remove', 'messageMenu'] as const;

/** Whether the key meant something. */
function act(event: KeyboardEvent, message: MessageView, actions: MessageActions, place: Point): boolean {
  const may = actions.rights(message);
  switch (meaningOf(event, MEANINGS)) {
    case 'copy':
      return message.deleted_by === null && done(() => actions.copyText(message));
    case 'reply':
      return may.reply && done(() => actions.reply(message));
    case 'edit':
      return may.edit && done(() => actions.edit(message));
    case 'react':
      return may.react && done(() => actions.openPicker(message, place));
    case 'pin':
      return may.pin && done(() => actions.pin(message, !message.pinned));
    case 'markUnread':
      return done(() => actions.markUnread(message));
    case 'remove':
      return may.remove && done(() => actions.askDelete(message));
    case 'messageMenu':
      return done(() => actions.openMenu(message, place));
    case null:
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
