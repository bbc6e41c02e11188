// The text of a message; one of very many lines is folded.

import { useState, type ReactNode } from 'react';

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';

import { Markdown } from './markdown.tsx';
import styles from './message.module.css';

/** A message of more lines than this is folded; it must be worth the press. */
const FOLD_LINES = 30;
const LINE_CHARACTERS = 72;

export function Body({ body, children }: { body: string; children?: ReactNode }) {
  const [unfolded, setUnfolded] = useState(false);
  const long = isLong(body);
  return (
    <div className={styles['body']}>
      <div className={classes(styles['text'], long && !unfolded && styles['folded'])}>
        <Markdown body={body} />
        {!long && children}
      </div>
      {long && (
        <>
          <Button weight="link" size="compact" className={styles['more']} onPress={() => setUnfolded(!unfolded)}>
            {unfolded ? text.timeline.showLess : text.timeline.showMore}
          </Button>
          {children}
        </>
      )}
    </div>
  );
}

export function isLong(body: string): boolean {
  if (body.length < FOLD_LINES) {
    return false;
  }
  let lines = 0;
  for (const line of body.split('\n')) {
    lines += Math.max(1, Math.ceil(line.length / LINE_CHARACTERS));
  }
  return lines > FOLD_LINES;
}
