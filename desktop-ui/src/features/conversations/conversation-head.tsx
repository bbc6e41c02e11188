// The bar above a conversation: what it is called and about, who is there, and the ways into its panes.

import { Archive, ArrowLeft, Hash, Info, Lock, Pin, Users } from 'lucide-react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { mayChangeChannel } from '#bridge/rights.ts';
import { conversationName, initials, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './conversation-head.module.css';
import { PresenceLine } from './presence-line.tsx';

export type HeadPane = 'details' | 'pins';

interface ConversationHeadProps {
  row: ConversationRow;
  /** Which of its panes is open. */
  pane: HeadPane | null;
  onPane: (pane: HeadPane) => void;
  onEditTopic: () => void;
  onBack: () => void;
}

export function ConversationHead({ row, pane, onPane, onEditTopic, onBack }: ConversationHeadProps) {
  const me = useMe();
  const people = usePeople();
  const others = row.members.filter((member) => member !== me.id);
  const only = row.kind === 'channel' || others.length > 1 ? undefined : (others[0] ?? me.id);
  return (
    <header className={styles['head']}>
      <IconButton icon={ArrowLeft} label={text.conversation.back} className={styles['back']} onPress={onBack} />
      {only === undefined ? (
        <span className={styles['sign']}>
          <Icon of={row.kind === 'group' ? Users : row.visibility === 'private' ? Lock : Hash} />
        </span>
      ) : (
        <Avatar id={only} letters={initials(personName(people, only))} size="middle" />
      )}
      <div className={styles['names']} data-stacked={only !== undefined}>
        <h1 dir="auto" title={conversationName(row, people, me.id)}>
          {conversationName(row, people, me.id)}
        </h1>
        {row.archived && <ArchivedMark />}
        {only !== undefined && <PresenceLine person={only} title={people.get(only)?.title ?? ''} />}
        {row.kind === 'channel' && (
          <Topic topic={row.topic} onEdit={mayChangeChannel(row) ? onEditTopic : undefined} />
        )}
      </div>
      <IconButton
        icon={Pin}
        label={text.conversation.pins}
        aria-expanded={pane === 'pins'}
        onPress={() => onPane('pins')}
      />
      {row.kind === 'direct' ? (
        <IconButton
          icon={Info}
          label={text.conversation.details}
          aria-expanded={pane === 'details'}
          onPress={() => onPane('details')}
        />
      ) : (
        <Button
          weight="quiet"
          className={styles['members']}
          aria-label={text.conversation.memberCountLabel(row.member_count)}
          aria-expanded={pane === 'details'}
          onPress={() => onPane('details')}
        >
          <Icon of={Users} />
          {row.member_count}
        </Button>
      )}
    </header>
  );
}

function ArchivedMark() {
  return (
    <span className={styles['archived']} title={text.conversation.archivedHint}>
      <Icon of={Archive} />
      {text.conversation.archived}
    </span>
  );
}

/** One line; whole on hover and in the details. */
function Topic({ topic, onEdit }: { topic: string; onEdit: (() => void) | undefined }) {
  if (onEdit === undefined) {
    return topic === '' ? null : (
      <p dir="auto" className={styles['topic']} title={topic}>
        {topic}
      </p>
    );
  }
  return (
    <button
      type="button"
      dir="auto"
      className={styles['topic']}
      data-empty={topic === ''}
      title={topic === '' ? undefined : topic}
      aria-label={topic === '' ? undefined : text.conversation.editTopic(topic)}
      onClick={onEdit}
    >
      {topic === '' ? text.conversation.addTopic : topic}
    </button>
  );
}
