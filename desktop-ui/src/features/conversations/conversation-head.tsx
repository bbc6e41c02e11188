// The bar above a conversation: what it is called and who is in it.

import { ArrowLeft, Hash, Info, Lock, Users } from 'lucide-react';

import type { Ref } from 'react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { conversationName, initials, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './conversation-head.module.css';

interface ConversationHeadProps {
  row: ConversationRow;
  detailsOpen: boolean;
  /** Gets the focus back when the details close. */
  detailsButton: Ref<HTMLButtonElement>;
  onDetails: () => void;
  onBack: () => void;
}

export function ConversationHead({ row, detailsOpen, detailsButton, onDetails, onBack }: ConversationHeadProps) {
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
      <div className={styles['names']}>
        <h1>{conversationName(row, people, me.id)}</h1>
        {only !== undefined && <p>{people.get(only)?.title}</p>}
      </div>
      {row.kind === 'direct' ? (
        <IconButton
          ref={detailsButton}
          icon={Info}
          label={text.conversation.details}
          aria-expanded={detailsOpen}
          onPress={onDetails}
        />
      ) : (
        <Button
          ref={detailsButton}
          weight="quiet"
          className={styles['members']}
          aria-label={text.conversation.memberCountLabel(row.member_count)}
          aria-expanded={detailsOpen}
          onPress={onDetails}
        >
          <Icon of={Users} />
          {row.member_count}
        </Button>
      )}
    </header>
  );
}
