// A sentence about something that happened, in the place it concerns.

import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

interface NoticeProps {
  /** `danger` is announced at once, `calm` when the reader is done. */
  kind: 'danger' | 'calm';
  children: ReactNode;
}

export function Notice({ kind, children }: NoticeProps) {
  return (
    <div role={kind === 'danger' ? 'alert' : 'status'} className={classes(styles['notice'], styles[kind])}>
      <Icon of={kind === 'danger' ? CircleAlert : Info} />
      <div className={styles['content']}>{children}</div>
    </div>
  );
}
