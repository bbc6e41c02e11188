// Which open conversation keeps its place among the unread ones although it is read by now.

import { useState } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

import { isWaiting } from './sections.ts';

export function useStays(rows: readonly ConversationRow[], selected: ConversationId | null): ConversationId | null {
  const [state, setState] = useState<{ selected: ConversationId | null; stays: ConversationId | null }>({
    selected: null,
    stays: null,
  });
  if (state.selected !== selected) {
    const row = rows.find((candidate) => candidate.id === selected);
    setState({ selected, stays: row !== undefined && isWaiting(row) ? row.id : null });
  }
  return state.stays;
}
