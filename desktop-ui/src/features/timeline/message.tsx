// One message that is stored: with its author when it begins a group, with its time on hover when it does not.

import { memo, useState } from 'react';

import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { fullText, timeText, type Clock } from '#text/time.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Hidden } from '#ui/hidden.tsx';

import type { MessageEntry } from './items.ts';
import { Markdown } from './markdown.tsx';
import styles from './message.module.css';

interface MessageProps {
  entry: MessageEntry;
  author: string;
  first: boolean;
  clock: Clock;
}

export const Message = memo(function Message({ entry, author, first, clock }: MessageProps) {
  return (
    <article
      data-testid="message"
      data-state="stored"
      data-seq={entry.seq}
      className={classes(styles['message'], first && styles['first'])}
    >
      <Margin id={entry.author} author={author} at={entry.at} first={first} clock={clock} />
      <div>
        <Head author={author} at={entry.at} first={first} clock={clock} />
        <Body body={entry.body} />
      </div>
    </article>
  );
});

interface HeadProps {
  author: string;
  at: number;
  first: boolean;
  clock: Clock;
}

/** What stands in the margin: the face of a group, or the time of a later line. */
export function Margin({ id, author, at, first, clock }: HeadProps & { id: string }) {
  if (first) {
    return <Avatar id={id} letters={initials(author)} />;
  }
  return (
    <time className={styles['lineTime']} dateTime={new Date(at).toISOString()} title={fullText(at, clock)} aria-hidden>
      {timeText(at, clock)}
    </time>
  );
}

export function Head({ author, at, first, clock }: HeadProps) {
  if (!first) {
    return <Hidden>{`${author}, ${timeText(at, clock)}: `}</Hidden>;
  }
  return (
    <header className={styles['head']}>
      <span className={styles['author']}>{author}</span>
      <time className={styles['time']} dateTime={new Date(at).toISOString()} title={fullText(at, clock)}>
        {timeText(at, clock)}
      </time>
    </header>
  );
}

/** A message of more lines than this is folded; it must be worth the press. */
const FOLD_LINES = 30;
const LINE_CHARACTERS = 72;

export function Body({ body }: { body: string }) {
  const [unfolded, setUnfolded] = useState(false);
  const long = isLong(body);
  return (
    <div className={styles['body']}>
      <div className={classes(long && !unfolded && styles['folded'])}>
        <Markdown body={body} />
      </div>
      {long && (
        <Button weight="link" size="compact" className={styles['more']} onPress={() => setUnfolded(!unfolded)}>
          {unfolded ? text.timeline.showLess : text.timeline.showMore}
        </Button>
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
