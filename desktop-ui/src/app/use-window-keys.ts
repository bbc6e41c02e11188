// Keys that work everywhere in the main window: Ctrl N new conversation, Alt ↑/↓ previous and next.

import { useEffect, useEffectEvent } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

interface WindowKeys {
  rows: readonly ConversationRow[] | undefined;
  selected: ConversationId | null;
  onSelect: (conversation: ConversationId) => void;
  onNewMessage: () => void;
}

export function useWindowKeys({ rows = [], selected, onSelect, onNewMessage }: WindowKeys) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) {
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'n') {
      event.preventDefault();
      onNewMessage();
    } else if (event.altKey && !command && !event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const at = rows.findIndex((row) => row.id === selected);
      const target = rows[event.key === 'ArrowUp' ? at - 1 : at + 1];
      if (target !== undefined) {
        onSelect(target.id);
      }
    }
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
