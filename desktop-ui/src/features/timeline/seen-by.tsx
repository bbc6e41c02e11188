// Faces of those who have read up to here and not further. Their place is always there, so nothing moves.

import { Button } from 'react-aria-components';

import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { initials, listed, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Hidden } from '#ui/hidden.tsx';
import { Tooltip } from '#ui/tooltip.tsx';

import styles from './seen-by.module.css';

const MOST_FACES = 3;
const MOST_NAMES = 12;

export function SeenBy({ seenBy, people, reachable }: { seenBy: readonly UserId[]; people: People; reachable: boolean }) {
  if (seenBy.length === 0) {
    return null;
  }
  const names = seenBy.map((person) => personName(people, person));
  const words = text.timeline.seenBy(listed(names, MOST_NAMES));
  const faces = seenBy.length > MOST_FACES ? seenBy.slice(0, MOST_FACES - 1) : seenBy;
  return (
    <Tooltip words={words}>
      <Button className={styles['faces'] ?? ''} excludeFromTabOrder={!reachable}>
        <Hidden>{words}</Hidden>
        {faces.map((person) => (
          <Avatar key={person} id={person} letters={initials(personName(people, person))} size="small" />
        ))}
        {faces.length < seenBy.length && <span aria-hidden className={styles['more']}>+{seenBy.length - faces.length}</span>}
      </Button>
    </Tooltip>
  );
}
