// Where the "New" line stands: behind what was read when the conversation was opened. It stays until the conversation
// is left, and moves only when everything was read and more came while the person looked away.

import { useState } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

export function useNewLine(row: ConversationRow, watching: boolean): number | null {
  const [line, setLine] = useState(() => (row.unread > 0 ? row.read_ordinal : null));
  const [unread, setUnread] = useState(row.unread);
  if (row.unread !== unread) {
    setUnread(row.unread);
    if (unread === 0 && row.unread > 0 && !watching) {
      setLine(row.read_ordinal);
    }
  }
  return line;
}
