// Everyone in a channel or group, and whether they are there.

import { UserMinus, UserPlus } from 'lucide-react';

import { useMe } from '#bridge/context.tsx';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './member-list.module.css';

interface MemberListProps {
  members: readonly PersonView[];
  onAdd: (() => void) | undefined;
  onRemove: ((person: PersonView) => void) | undefined;
  onOpenPerson: (person: UserId) => void;
}

export function MemberList({ members, onAdd, onRemove, onOpenPerson }: MemberListProps) {
  const me = useMe();
  return (
    <section aria-label={text.details.members}>
      <div className={styles['head']}>
        <h3>{text.conversation.members(members.length)}</h3>
        {onAdd !== undefined && (
          <Button weight="link" size="compact" onPress={onAdd}>
            <Icon of={UserPlus} />
            {text.details.addPeople}
          </Button>
        )}
      </div>
      <ul>
        {members.map((member) => (
          <li key={member.id} className={styles['member']}>
            <button type="button" className={styles['person']} onClick={() => onOpenPerson(member.id)}>
              <Avatar id={member.id} letters={initials(member.name)} size="middle" presence />
              <span className={styles['text']}>
                <bdi className={styles['name']}>
                  {member.id === me.id ? text.conversation.yourself(member.name) : member.name}
                </bdi>
                {member.title !== '' && <bdi className={styles['title']}>{member.title}</bdi>}
              </span>
            </button>
            {onRemove !== undefined && member.id !== me.id && (
              <IconButton
                icon={UserMinus}
                label={text.details.remove(member.name)}
                compact
                className={styles['remove']}
                onPress={() => onRemove(member)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
