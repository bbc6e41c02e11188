// The pane beside a conversation: what it is, who is in it, and what can be done with it.

import { Archive, ArchiveRestore, Hash, Lock, LogOut, Pencil, Users } from 'lucide-react';
import { useState } from 'react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { mayArchive, mayChangeChannel } from '#bridge/rights.ts';
import { errorSentence } from '#text/failure.ts';
import { conversationName } from '#text/names.ts';
import { byName } from '#text/order.ts';
import { levelOptions } from '#text/levels.ts';
import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Notice } from '#ui/notice.tsx';
import { Pane } from '#ui/pane.tsx';
import { Select } from '#ui/select.tsx';

import { ArchiveQuestion, LeaveQuestion, RemoveQuestion, RenameDialog, TopicDialog } from './channel-dialogs.tsx';
import styles from './details-pane.module.css';
import { MemberList } from './member-list.tsx';
import { useArchive, useMembers, useSetLevel } from './queries.ts';

type Asking = { what: 'rename' | 'topic' | 'archive' | 'leave' } | { what: 'remove'; person: PersonView } | null;

interface DetailsPaneProps {
  row: ConversationRow;
  onClose: () => void;
  onAddPeople: (members: ReadonlySet<UserId>) => void;
  onOpenPerson: (person: UserId) => void;
}

export function DetailsPane({ row, onClose, onAddPeople, onOpenPerson }: DetailsPaneProps) {
  const members = useMemberList(row);
  const [asking, setAsking] = useState<Asking>(null);
  const done = () => setAsking(null);
  const changes = mayChangeChannel(row);
  const member = row.kind === 'channel' && row.membership === 'member';

  return (
    <Pane title={text.details.region} closeLabel={text.details.close} onClose={onClose}>
      <div className={styles['body']}>
        <Title row={row} onRename={changes ? () => setAsking({ what: 'rename' }) : undefined} />
        {row.kind === 'channel' && (
          <Topic topic={row.topic} onEdit={changes ? () => setAsking({ what: 'topic' }) : undefined} />
        )}
        <MemberList
          members={members}
          onAdd={changes ? () => onAddPeople(new Set(members.map((person) => person.id))) : undefined}
          onRemove={changes ? (person) => setAsking({ what: 'remove', person }) : undefined}
          onOpenPerson={onOpenPerson}
        />
        {row.membership === 'member' && <Level row={row} />}
        {member && (
          <div className={styles['ways']}>
            <ArchiveButton row={row} onAsk={() => setAsking({ what: 'archive' })} />
            <Button weight="quiet" className={styles['leave']} onPress={() => setAsking({ what: 'leave' })}>
              <Icon of={LogOut} />
              {text.details.leave}
            </Button>
          </div>
        )}
      </div>
      {asking?.what === 'rename' && <RenameDialog row={row} onClose={done} />}
      {asking?.what === 'topic' && <TopicDialog row={row} onClose={done} />}
      {asking?.what === 'archive' && <ArchiveQuestion row={row} onClose={done} />}
      {asking?.what === 'leave' && <LeaveQuestion row={row} onClose={done} />}
      {asking?.what === 'remove' && <RemoveQuestion row={row} person={asking.person} onClose={done} />}
    </Pane>
  );
}

/** Who is in it, by name; a channel's members come from the host, the others are in the row. */
function useMemberList(row: ConversationRow): PersonView[] {
  const people = usePeople();
  const members = useMembers(row);
  const list =
    row.kind === 'channel' ? (members.data ?? []) : row.members.flatMap((member) => people.get(member) ?? []);
  return list.map((member) => people.get(member.id) ?? member).sort((a, b) => byName(a.name, b.name));
}

function Title({ row, onRename }: { row: ConversationRow; onRename: (() => void) | undefined }) {
  const me = useMe();
  const people = usePeople();
  const isPrivate = row.visibility === 'private';
  return (
    <section className={styles['title']}>
      <div className={styles['name']}>
        <Icon of={row.kind === 'channel' ? (isPrivate ? Lock : Hash) : Users} large />
        <h3 dir="auto">{conversationName(row, people, me.id)}</h3>
        {onRename !== undefined && <IconButton icon={Pencil} label={text.details.rename} compact onPress={onRename} />}
      </div>
      <p>
        {row.kind !== 'channel' ? text.details.group : isPrivate ? text.details.privateChannel : text.details.publicChannel}
      </p>
      {row.kind === 'group' && <p>{text.details.membersFixed}</p>}
      {row.archived && <Notice kind="calm">{text.details.archivedLead}</Notice>}
    </section>
  );
}

function Level({ row }: { row: ConversationRow }) {
  const setLevel = useSetLevel(row.id);
  return (
    <>
      <Select
        label={text.level.title}
        value={row.level ?? 'usual'}
        options={levelOptions()}
        onChange={(level) => setLevel.mutate(level)}
      />
      {setLevel.isError && <Notice kind="danger">{errorSentence(setLevel.error)}</Notice>}
    </>
  );
}

function Topic({ topic, onEdit }: { topic: string; onEdit: (() => void) | undefined }) {
  if (topic === '' && onEdit === undefined) {
    return null;
  }
  return (
    <section aria-label={text.details.topic}>
      <div className={styles['partHead']}>
        <h3>{text.details.topic}</h3>
        {onEdit !== undefined && <IconButton icon={Pencil} label={text.details.editTopic} compact onPress={onEdit} />}
      </div>
      <p dir="auto" className={styles['topic']} data-empty={topic === ''}>
        {topic === '' ? text.details.noTopic : topic}
      </p>
    </section>
  );
}

/** Archiving is asked about; bringing back takes nothing from anybody. */
function ArchiveButton({ row, onAsk }: { row: ConversationRow; onAsk: () => void }) {
  const me = useMe();
  const archive = useArchive(row.id);
  if (!mayArchive(row, me)) {
    return null;
  }
  return (
    <>
      <Button weight="quiet" busy={archive.isPending} onPress={row.archived ? () => archive.mutate(false) : onAsk}>
        <Icon of={row.archived ? ArchiveRestore : Archive} />
        {row.archived ? text.details.unarchive : text.details.archive}
      </Button>
      {archive.isError && <Notice kind="danger">{errorSentence(archive.error)}</Notice>}
    </>
  );
}
