// What one can start from the sidebar.

import { ChevronDown, Compass, Hash, LogOut, Plus, SquarePen, UserRound } from 'lucide-react';

import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Mark } from '#ui/mark.tsx';
import { Menu, MenuItem, MenuSeparator } from '#ui/menu.tsx';

import styles from './sidebar.module.css';

export interface SidebarActions {
  newMessage: () => void;
  newChannel: () => void;
  browseChannels: () => void;
  profile: () => void;
  signOut: () => void;
}

export function WorkspaceMenu({ workspace, actions }: { workspace: string; actions: SidebarActions }) {
  return (
    <Menu
      label={workspace}
      trigger={
        <Button weight="quiet" className={styles['workspace']} aria-label={text.sidebar.workspaceMenu(workspace)}>
          <Mark size={20} />
          <span className={styles['workspaceName']}>{workspace}</span>
          <Icon of={ChevronDown} />
        </Button>
      }
    >
      <MenuItem icon={SquarePen} onAction={actions.newMessage}>
        {text.sidebar.newMessage}
      </MenuItem>
      <MenuItem icon={Hash} onAction={actions.newChannel}>
        {text.sidebar.newChannel}
      </MenuItem>
      <MenuItem icon={Compass} onAction={actions.browseChannels}>
        {text.sidebar.browseChannels}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={UserRound} onAction={actions.profile}>
        {text.sidebar.profile}
      </MenuItem>
      <MenuItem icon={LogOut} onAction={actions.signOut}>
        {text.sidebar.signOut}
      </MenuItem>
    </Menu>
  );
}

export function AddChannelMenu({ actions }: { actions: SidebarActions }) {
  return (
    <Menu
      label={text.sidebar.addChannel}
      trigger={<IconButton icon={Plus} label={text.sidebar.addChannel} compact />}
    >
      <MenuItem icon={Hash} onAction={actions.newChannel}>
        {text.sidebar.newChannel}
      </MenuItem>
      <MenuItem icon={Compass} onAction={actions.browseChannels}>
        {text.sidebar.browseChannels}
      </MenuItem>
    </Menu>
  );
}

export function NewMessageButton({ onPress, compact = false }: { onPress: () => void; compact?: boolean }) {
  return (
    <IconButton
      icon={compact ? Plus : SquarePen}
      label={text.sidebar.newMessage}
      hint={text.sidebar.newMessageHint}
      compact={compact}
      onPress={onPress}
    />
  );
}
