// Sends what was written. Whoever means many people at once is asked before.

import { useState } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { meansMany } from '#text/mention-draft.ts';

/** Nobody minds that everybody of so few is told. */
const FEW = 10;

export function useSubmit(row: ConversationRow, body: string, send: () => void) {
  const [asking, setAsking] = useState(false);
  return {
    asking,
    submit: () => (row.member_count > FEW && meansMany(body) ? setAsking(true) : send()),
    confirm: () => {
      setAsking(false);
      send();
    },
    cancel: () => setAsking(false),
  };
}
