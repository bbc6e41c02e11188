// Says new messages of the open conversation to screen readers, politely; history that loads is not said.

import { useState } from 'react';

import type { TimelineItem } from '#bridge/generated/TimelineItem.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { withNames } from '#text/mentions.ts';
import { personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Hidden } from '#ui/hidden.tsx';

const SPOKEN_CHARACTERS = 300;

interface AnnouncerProps {
  items: readonly TimelineItem[];
  me: UserId;
  people: People;
}

export function Announcer({ items, me, people }: AnnouncerProps) {
  const [since] = useState(() => items.at(-1)?.seq ?? 0);
  const last = items.at(-1);
  const isNew = last !== undefined && last.seq > since && last.item === 'message' && last.author !== me;
  return (
    <Hidden>
      <span aria-live="polite" data-testid="announcer">
        {isNew ? text.timeline.announce(personName(people, last.author), withNames(last.body, people).slice(0, SPOKEN_CHARACTERS)) : ''}
      </span>
    </Hidden>
  );
}
