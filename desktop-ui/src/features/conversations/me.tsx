// The person at this window, at the foot of the sidebar.

import { useMe } from '#bridge/context.tsx';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button } from '#ui/button.tsx';
import { Hidden } from '#ui/hidden.tsx';

import styles from './sidebar.module.css';

export function Me({ onOpen }: { onOpen: () => void }) {
  const me = useMe();
  return (
    <div className={styles['foot']}>
      <Button weight="quiet" wide className={styles['me']} onPress={onOpen}>
        <Avatar id={me.id} letters={initials(me.name)} size="middle" />
        <span className={styles['meText']}>
          <span className={styles['meName']}>{me.name}</span>
          {me.title !== '' && <span className={styles['meTitle']}>{me.title}</span>}
        </span>
        <Hidden>, {text.sidebar.profile}</Hidden>
      </Button>
    </div>
  );
}
