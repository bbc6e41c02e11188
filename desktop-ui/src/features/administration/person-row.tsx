// One person in the list for administrators, with what can be done about their account.

import { Ellipsis, RotateCcw, ShieldCheck, ShieldOff, UserX } from 'lucide-react';

import { useMe } from '#bridge/context.tsx';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Badge } from '#ui/badge.tsx';
import { IconButton } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Menu, MenuItem } from '#ui/menu.tsx';

import styles from './people-page.module.css';
import type { PersonStep } from './person-question.tsx';

export function PersonRow({ person, onStep }: { person: PersonView; onStep: (step: PersonStep) => void }) {
  const me = useMe();
  return (
    <li className={classes(styles['row'], !person.active && styles['inactive'])}>
      <Avatar id={person.id} letters={initials(person.name)} />
      <div className={styles['words']}>
        <p className={styles['name']}>
          <span>{person.id === me.id ? text.conversation.yourself(person.name) : person.name}</span>
          {person.role === 'administrator' && <Badge>{text.roles.administrator}</Badge>}
          {!person.active && <Badge tone="bad">{text.administration.people.deactivated}</Badge>}
        </p>
        <p className={styles['detail']} title={person.email}>
          {person.email}
          {person.title !== '' && ` · ${person.title}`}
        </p>
      </div>
      <Menu
        label={text.administration.people.actions(person.name)}
        trigger={<IconButton icon={Ellipsis} label={text.administration.people.actions(person.name)} />}
      >
        {person.role === 'member' && person.active && (
          <MenuItem icon={ShieldCheck} onAction={() => onStep('promote')}>
            {text.administration.people.makeAdministrator}
          </MenuItem>
        )}
        {person.role === 'administrator' && (
          <MenuItem icon={ShieldOff} onAction={() => onStep('demote')}>
            {text.administration.people.makeMember}
          </MenuItem>
        )}
        {person.active ? (
          <MenuItem icon={UserX} danger onAction={() => onStep('deactivate')}>
            {text.administration.people.deactivate}
          </MenuItem>
        ) : (
          <MenuItem icon={RotateCcw} onAction={() => onStep('reactivate')}>
            {text.administration.people.reactivate}
          </MenuItem>
        )}
      </Menu>
    </li>
  );
}
