// Stands where the composer would be in a channel that can only be read.

import { Archive } from 'lucide-react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { text } from '#text/text.ts';
import { Icon } from '#ui/icon.tsx';

import styles from './not-a-member.module.css';

export function Archived({ row }: { row: ConversationRow }) {
  return (
    <div className={styles['place']} data-testid="archived">
      <Icon of={Archive} />
      <p>{text.composer.archived(row.name ?? '')}</p>
    </div>
  );
}
