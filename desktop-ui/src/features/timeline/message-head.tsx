// Who wrote a message and when: in full where a group begins, in the margin of a later line.

import { useNavigation } from '#bridge/navigation.tsx';
import { initials } from '#text/names.ts';
import { fullText, shortTimeText, timeText, type Clock } from '#text/time.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Hidden } from '#ui/hidden.tsx';

import styles from './message.module.css';

interface HeadProps {
  id: string;
  author: string;
  at: number;
  first: boolean;
  clock: Clock;
}

/** What stands in the margin: the face of a group, or the time of a later line. */
export function Margin({ id, author, at, first, clock }: HeadProps) {
  const { openPerson } = useNavigation();
  if (first) {
    return (
      // A larger target for the pointer; the name beside it is the same button for everybody.
      // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
      <span className={styles['face']} onClick={() => openPerson(id)}>
        <Avatar id={id} letters={initials(author)} />
      </span>
    );
  }
  return (
    <time className={styles['lineTime']} dateTime={new Date(at).toISOString()} title={fullText(at, clock)} aria-hidden>
      {shortTimeText(at, clock)}
    </time>
  );
}

/** `reachable` puts the name into the order of tabs. */
export function Head({ id, author, at, first, clock, reachable }: HeadProps & { reachable: boolean }) {
  const { openPerson } = useNavigation();
  if (!first) {
    return <Hidden>{`${author}, ${timeText(at, clock)}: `}</Hidden>;
  }
  return (
    <header className={styles['head']}>
      <button type="button" tabIndex={reachable ? 0 : -1} className={styles['author']} onClick={() => openPerson(id)}>
        <bdi>{author}</bdi>
      </button>
      <time className={styles['time']} dateTime={new Date(at).toISOString()} title={fullText(at, clock)}>
        {timeText(at, clock)}
      </time>
    </header>
  );
}
