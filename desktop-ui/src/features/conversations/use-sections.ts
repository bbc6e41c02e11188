// The list as it is drawn, for the sidebar and for the keys that walk over it.

import { useMemo, useState } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';

import { inOrder, sectionsOf, type Sections } from './sections.ts';
import { useStays } from './use-stays.ts';

export interface ConversationList {
  /** Undefined until the list was read from disk. */
  rows: readonly ConversationRow[] | undefined;
  sections: Sections;
  /** What is shown, from top to bottom. */
  order: ConversationRow[];
  archivedShown: boolean;
  showArchived: (shown: boolean) => void;
}

const NONE: readonly ConversationRow[] = [];

export function useSections(
  rows: readonly ConversationRow[] | undefined,
  selected: ConversationId | null,
): ConversationList {
  const [unfolded, showArchived] = useState(false);
  const stays = useStays(rows ?? NONE, selected);
  const sections = useMemo(() => sectionsOf(rows ?? NONE, stays), [rows, stays]);
  // What is open is always to be seen in the list.
  const archivedShown = unfolded || sections.archived.some((row) => row.id === selected);
  const order = useMemo(() => inOrder(sections, archivedShown), [sections, archivedShown]);
  return { rows, sections, order, archivedShown, showArchived };
}
