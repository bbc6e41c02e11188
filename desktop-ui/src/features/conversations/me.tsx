// The person at this window, at the foot of the sidebar, and what is about them.

import { Keyboard, LogOut, Settings } from 'lucide-react';

import { useMe } from '#bridge/context.tsx';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button } from '#ui/button.tsx';
import { Hidden } from '#ui/hidden.tsx';
import { Menu, MenuItem, MenuSeparator } from '#ui/menu.tsx';

import type { SidebarActions } from './sidebar-menus.tsx';
import styles from './sidebar.module.css';

export function Me({ actions }: { actions: SidebarActions }) {
  const me = useMe();
  return (
    <div className={styles['foot']}>
      <Menu
        label={text.sidebar.yourMenu}
        trigger={
          <Button weight="quiet" wide className={styles['me']}>
            <Avatar id={me.id} letters={initials(me.name)} size="middle" presence />
            <span className={styles['meText']}>
              <bdi className={styles['meName']}>{me.name}</bdi>
              {me.title !== '' && <span className={styles['meTitle']}>{me.title}</span>}
            </span>
            <Hidden>, {text.sidebar.yourMenu}</Hidden>
          </Button>
        }
      >
        <MenuItem icon={Settings} onAction={actions.settings}>
          {text.sidebar.settings}
        </MenuItem>
        <MenuItem icon={Keyboard} onAction={actions.keys}>
          {text.sidebar.keys}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={LogOut} onAction={actions.signOut}>
          {text.sidebar.signOut}
        </MenuItem>
      </Menu>
    </div>
  );
}
