// A word about the state of something, beside its name.

import styles from './badge.module.css';
import { classes } from './classes.ts';

export function Badge({ tone = 'plain', children }: { tone?: 'plain' | 'good' | 'warm' | 'bad'; children: string }) {
  return <span className={classes(styles['badge'], styles[tone])}>{children}</span>;
}
