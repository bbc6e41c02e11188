// The place at an edge of what is loaded: more loads by itself, or a press loads it.

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';

import styles from './page-row.module.css';

interface PageRowProps {
  edge: 'earlier' | 'later';
  loading: boolean;
  failed: boolean;
  onLoad: () => void;
}

export function PageRow({ edge, loading, failed, onLoad }: PageRowProps) {
  const words = edge === 'earlier' ? text.timeline.earlierPage : text.timeline.laterPage;
  return (
    <div className={styles['row']}>
      {failed && <span>{words.failed}</span>}
      {loading ? (
        <span>{words.loading}</span>
      ) : (
        <Button weight="link" size="compact" onPress={onLoad}>
          {words.load}
        </Button>
      )}
    </div>
  );
}
