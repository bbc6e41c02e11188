// What stands in for a list that is on its way. It shows only when that takes noticeably long.

import styles from './skeleton.module.css';

export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className={styles['skeleton']} aria-hidden>
      {Array.from({ length: lines }, (_, index) => (
        // Lines without an identity.
        <div key={index} className={styles['line']}>
          <span className={styles['face']} />
          <span className={styles['words']} />
        </div>
      ))}
    </div>
  );
}
