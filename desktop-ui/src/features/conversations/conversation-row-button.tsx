// One conversation in the list: its sign, its name, what is unread.

import { AtSign, BellOff, Hash, Lock, PencilLine, Users } from 'lucide-react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { mentionsIn } from '#bridge/mentions.ts';
import { conversationName, initials, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { classes } from '#ui/classes.ts';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './conversation-row-button.module.css';
import { isWaiting } from './sections.ts';

interface ConversationRowButtonProps {
  row: ConversationRow;
  people: People;
  me: UserId;
  selected: boolean;
  /** One row of the list takes part in the tab order; arrows reach the others. */
  reachable: boolean;
  onSelect: () => void;
}

export function ConversationRowButton({ row, people, me, selected, reachable, onSelect }: ConversationRowButtonProps) {
  const unread = row.unread > 0;
  const waiting = isWaiting(row);
  return (
    <button
      type="button"
      data-testid="conversation-row"
      data-conversation={row.id}
      aria-current={selected ? 'page' : undefined}
      tabIndex={reachable ? 0 : -1}
      className={classes(styles['row'], selected && styles['selected'], waiting && styles['unread'])}
      onClick={onSelect}
    >
      <Sign row={row} people={people} me={me} />
      <bdi className={styles['name']}>{conversationName(row, people, me)}</bdi>
      {row.kind === 'channel' && row.visibility === 'private' && <Hidden>, {text.sidebar.privateChannel}</Hidden>}
      {row.has_draft && !selected && (
        <span className={styles['draft']} title={text.sidebar.draft}>
          <Icon of={PencilLine} />
          <Hidden>, {text.sidebar.draft}</Hidden>
        </span>
      )}
      {row.level === 'nothing' && (
        <span className={styles['draft']} title={text.level.muted}>
          <Icon of={BellOff} />
          <Hidden>, {text.level.muted}</Hidden>
        </span>
      )}
      {mentionsIn(row) > 0 && (
        <span className={styles['mention']}>
          <Icon of={AtSign} />
          <Hidden>, {text.mentions.unread(row.mentions)}</Hidden>
        </span>
      )}
      {unread && (
        <>
          <span className={classes(styles['count'], !waiting && styles['quiet'])} aria-hidden>
            {row.unread > 99 ? '99+' : row.unread}
          </span>
          <Hidden>, {text.sidebar.unreadCount(row.unread)}</Hidden>
        </>
      )}
    </button>
  );
}

function Sign({ row, people, me }: { row: ConversationRow; people: People; me: UserId }) {
  if (row.kind === 'channel') {
    return (
      <span className={styles['sign']}>
        <Icon of={row.visibility === 'private' ? Lock : Hash} />
      </span>
    );
  }
  const others = row.members.filter((member) => member !== me);
  if (others.length > 1) {
    return (
      <span className={styles['sign']}>
        <Icon of={Users} />
      </span>
    );
  }
  const person = others[0] ?? me;
  return <Avatar id={person} letters={initials(personName(people, person))} size="small" presence />;
}
