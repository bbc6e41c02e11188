// The place above the oldest loaded message: earlier ones load by themselves, or a press loads them.

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';

import styles from './earlier-row.module.css';

export interface EarlierState {
  loading: boolean;
  failed: boolean;
  load: () => void;
}

export function EarlierRow({ state }: { state: EarlierState }) {
  return (
    <div className={styles['row']}>
      {state.failed && <span>{text.timeline.earlierFailed}</span>}
      {state.loading ? (
        <span>{text.timeline.loadingEarlier}</span>
      ) : (
        <Button weight="link" size="compact" onPress={state.load}>
          {text.timeline.loadEarlier}
        </Button>
      )}
    </div>
  );
}
