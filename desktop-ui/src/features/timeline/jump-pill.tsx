// "↓ 12 new": back to the end, from anywhere above it.

import { ArrowDown } from 'lucide-react';

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';

import styles from './jump-pill.module.css';

export function JumpPill({ waiting, onJump }: { waiting: number; onJump: () => void }) {
  return (
    <div className={styles['place']}>
      <Button
        className={classes(styles['pill'], waiting > 0 && styles['waiting'])}
        aria-label={text.timeline.jumpLabel(waiting)}
        onPress={onJump}
      >
        <Icon of={ArrowDown} />
        {text.timeline.jump(waiting)}
      </Button>
    </div>
  );
}
