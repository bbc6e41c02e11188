// The emoji that could be meant, over the text that names them.

import { useTone } from '#ui/emoji/habits.ts';
import { codeFor, toned } from '#ui/emoji/emoji-data.ts';
import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';

import styles from './completions.module.css';
import type { Completion } from './use-completion.ts';

export function Completions({ completion }: { completion: Completion }) {
  const { id, query, found, active, setActive, choose } = completion;
  const tone = useTone();
  return (
    <div id={id} role="listbox" aria-label={text.composer.completions} className={styles['list']}>
      {found.map((emoji, index) => (
        // The keys are those of the text, which names the option that is meant.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={emoji.char}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          className={classes(styles['option'], index === active && styles['active'])}
          onPointerMove={() => setActive(index)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(index)}
        >
          <span className={styles['char']}>{toned(emoji, tone)}</span>
          <span>:{codeFor(emoji, query)}:</span>
        </div>
      ))}
    </div>
  );
}

export function optionId(list: string, index: number): string {
  return `${list}${index}`;
}
