// The pane beside a conversation: what it is, who is in it, and what can be done with it.

import { Hash, Lock, LogOut, Pencil, Users, X } from 'lucide-react';
import { useState } from 'react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { conversationName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import { LeaveQuestion, RemoveQuestion, RenameDialog } from './channel-dialogs.tsx';
import styles from './details-pane.module.css';
import { MemberList } from './member-list.tsx';
import { PersonCard } from './person-card.tsx';
import { useMembers } from './queries.ts';

type Asking = { what: 'rename' } | { what: 'leave' } | { what: 'remove'; person: PersonView } | null;

interface DetailsPaneProps {
  row: ConversationRow;
  onClose: () => void;
  onAddPeople: (members: ReadonlySet<UserId>) => void;
}

export function DetailsPane({ row, onClose, onAddPeople }: DetailsPaneProps) {
  const me = useMe();
  const members = useMemberList(row);
  const [asking, setAsking] = useState<Asking>(null);
  const done = () => setAsking(null);
  const mine = row.kind === 'channel' && row.membership === 'member';
  const only = row.kind === 'direct' ? (members.find((member) => member.id !== me.id) ?? me) : null;

  return (
    <aside className={styles['pane']} aria-label={text.details.region}>
      <div className={styles['head']}>
        <h2>{text.details.region}</h2>
        <IconButton icon={X} label={text.details.close} onPress={onClose} />
      </div>
      <div className={styles['body']}>
        {only !== null && <PersonCard person={only} />}
        {only === null && <Title row={row} onRename={mine ? () => setAsking({ what: 'rename' }) : undefined} />}
        {only === null && (
          <MemberList
            members={members}
            onAdd={mine ? () => onAddPeople(new Set(members.map((member) => member.id))) : undefined}
            onRemove={mine ? (person) => setAsking({ what: 'remove', person }) : undefined}
          />
        )}
        {mine && (
          <Button weight="quiet" className={styles['leave']} onPress={() => setAsking({ what: 'leave' })}>
            <Icon of={LogOut} />
            {text.details.leave}
          </Button>
        )}
      </div>
      {asking?.what === 'rename' && <RenameDialog row={row} onClose={done} />}
      {asking?.what === 'leave' && <LeaveQuestion row={row} onClose={done} />}
      {asking?.what === 'remove' && <RemoveQuestion row={row} person={asking.person} onClose={done} />}
    </aside>
  );
}

/** Who is in it, by name; a channel's members come from the host, the others are in the row. */
function useMemberList(row: ConversationRow): PersonView[] {
  const people = usePeople();
  const members = useMembers(row);
  const list =
    row.kind === 'channel' ? (members.data ?? []) : row.members.flatMap((member) => people.get(member) ?? []);
  return list.map((member) => people.get(member.id) ?? member).sort((a, b) => a.name.localeCompare(b.name));
}

function Title({ row, onRename }: { row: ConversationRow; onRename: (() => void) | undefined }) {
  const me = useMe();
  const people = usePeople();
  const isPrivate = row.visibility === 'private';
  return (
    <section className={styles['title']}>
      <div className={styles['name']}>
        <Icon of={row.kind === 'group' ? Users : isPrivate ? Lock : Hash} large />
        <h3>{conversationName(row, people, me.id)}</h3>
        {onRename !== undefined && <IconButton icon={Pencil} label={text.details.rename} compact onPress={onRename} />}
      </div>
      <p>{row.kind === 'group' ? text.details.group : isPrivate ? text.details.privateChannel : text.details.publicChannel}</p>
      {row.kind === 'group' && <p>{text.details.membersFixed}</p>}
    </section>
  );
}

