// What a message asks of the timeline it stands in.

import { createContext, useContext } from 'react';

import type { MessageView } from '#bridge/generated/MessageView.ts';

import type { Rights } from './rights.ts';

export interface Point {
  x: number;
  y: number;
}

export interface MessageActions {
  rights: (message: MessageView) => Rights;
  react: (message: MessageView, emoji: string, on: boolean) => void;
  reply: (message: MessageView) => void;
  edit: (message: MessageView) => void;
  /** The editor is done: with a new text, or without one. */
  endEdit: (message: MessageView, body: string | null) => void;
  keepEdit: (message: MessageView, body: string) => void;
  askDelete: (message: MessageView) => void;
  pin: (message: MessageView, on: boolean) => void;
  copyText: (message: MessageView) => void;
  copyLink: (message: MessageView) => void;
  markUnread: (message: MessageView) => void;
  openMenu: (message: MessageView, at: Point) => void;
  openPicker: (message: MessageView, at: Point) => void;
  jump: (seq: number) => void;
}

export const MessageActionsContext = createContext<MessageActions | null>(null);

export function useMessageActions(): MessageActions {
  const actions = useContext(MessageActionsContext);
  if (actions === null) {
    throw new Error('There is no timeline above this message');
  }
  return actions;
}

/** Below the lower left corner of what opens something. */
export function pointBelow(element: Element): Point {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: bottom };
}
