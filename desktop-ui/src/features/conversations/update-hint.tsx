// At the foot of the sidebar while a new version waits: never a dialog, and gone when there is nothing to do.

import { CircleArrowUp } from 'lucide-react';

import { useInstallUpdate, useUpdates } from '#bridge/use-updates.ts';
import { text } from '#text/text.ts';
import { Icon } from '#ui/icon.tsx';

import row from './conversation-row-button.module.css';
import styles from './sidebar.module.css';

export function UpdateHint({ onSettings }: { onSettings: () => void }) {
  const state = useUpdates()?.state;
  const install = useInstallUpdate();
  if (state?.state !== 'ready') {
    return null;
  }
  const { way } = state.way;
  const words = { restart: text.updates.hintRestart, asks: text.updates.hintInstall, by_hand: text.updates.hintByHand };
  return (
    <div className={styles['hint']}>
      <button
        type="button"
        title={text.updates.hintTitle(state.update.version)}
        className={row['row']}
        onClick={() => (way === 'by_hand' ? onSettings() : install.mutate())}
      >
        <span className={row['sign']}>
          <Icon of={CircleArrowUp} />
        </span>
        <span className={row['name']}>{words[way]}</span>
      </button>
    </div>
  );
}
