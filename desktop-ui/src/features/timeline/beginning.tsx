// What stands above the first message: which conversation this is and who can read it.

import { Hash, Lock, NotebookPen, Users } from 'lucide-react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { People } from '#bridge/live-cache.ts';
import { conversationName, initials, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './beginning.module.css';

interface BeginningProps {
  row: ConversationRow;
  people: People;
  me: PersonView;
}

export function Beginning({ row, people, me }: BeginningProps) {
  const name = conversationName(row, people, me.id);
  const others = row.members.filter((member) => member !== me.id);
  const only = others.length === 1 ? others[0] : undefined;
  return (
    <div className={styles['beginning']}>
      {only === undefined ? (
        <span className={styles['sign']}>
          <Icon of={signOf(row, others.length)} large />
        </span>
      ) : (
        <Avatar id={only} letters={initials(personName(people, only))} />
      )}
      <h2>{titleOf(row, name, others.length)}</h2>
      <p>{leadOf(row, others.length)}</p>
    </div>
  );
}

function signOf(row: ConversationRow, others: number) {
  if (row.kind === 'channel') {
    return row.visibility === 'private' ? Lock : Hash;
  }
  return others === 0 ? NotebookPen : Users;
}

function titleOf(row: ConversationRow, name: string, others: number): string {
  if (row.kind === 'channel') {
    return text.timeline.beginningOfChannel(name);
  }
  if (others === 0) {
    return text.timeline.beginningWithYourself;
  }
  return row.kind === 'group' ? text.timeline.beginningOfGroup(name) : text.timeline.beginningOfDirect(name);
}

function leadOf(row: ConversationRow, others: number): string {
  if (row.kind === 'channel') {
    return row.visibility === 'private' ? text.timeline.beginningLeadPrivate : text.timeline.beginningLeadPublic;
  }
  if (others === 0) {
    return text.timeline.beginningLeadYourself;
  }
  return row.kind === 'group' ? text.timeline.beginningLeadGroup : text.timeline.beginningLeadDirect;
}
