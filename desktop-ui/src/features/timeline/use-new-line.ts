// Where the "New" line stands: behind what was read when the conversation was opened. It stays until the conversation
// is left, and moves only when everything was read and more came while the person looked away, or when they said that
// something is to be unread again.

import { useState } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

export function useNewLine(row: ConversationRow, watching: boolean): number | null {
  const [line, setLine] = useState(() => (row.unread > 0 ? row.read_ordinal : null));
  const [unread, setUnread] = useState(row.unread);
  const [read, setRead] = useState(row.read_ordinal);
  if (row.read_ordinal !== read) {
    setRead(row.read_ordinal);
    if (row.read_ordinal < read) {
      setLine(row.read_ordinal);
    }
  }
  if (row.unread !== unread) {
    setUnread(row.unread);
    if (unread === 0 && row.unread > 0 && !watching) {
      setLine(row.read_ordinal);
    }
  }
  return line;
}
