// What one can start from the sidebar.

import { ChevronDown, Compass, Hash, Plus, SquarePen } from 'lucide-react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Mark } from '#ui/mark.tsx';
import { Menu, MenuItem } from '#ui/menu.tsx';

import styles from './sidebar.module.css';

export interface SidebarActions {
  newMessage: () => void;
  /** Absent for those who may not make channels. */
  newChannel?: (() => void) | undefined;
  browseChannels: () => void;
  details: (conversation: ConversationId) => void;
  leave: (row: ConversationRow) => void;
  settings: () => void;
  keys: () => void;
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
      {actions.newChannel !== undefined && (
        <MenuItem icon={Hash} onAction={actions.newChannel}>
          {text.sidebar.newChannel}
        </MenuItem>
      )}
      <MenuItem icon={Compass} onAction={actions.browseChannels}>
        {text.sidebar.browseChannels}
      </MenuItem>
    </Menu>
  );
}

export function AddChannelMenu({ actions }: { actions: SidebarActions }) {
  if (actions.newChannel === undefined) {
    return <IconButton icon={Compass} label={text.sidebar.browseChannels} compact onPress={actions.browseChannels} />;
  }
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
