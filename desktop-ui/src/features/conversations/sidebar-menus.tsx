// What one can start from the sidebar.

import { ChevronDown, ChevronsDown, Compass, Hash, Plus, Power, Search, SquarePen } from 'lucide-react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';
import { spelledKeys, withKeys } from '#ui/keys/spelled.ts';
import { Mark } from '#ui/mark.tsx';
import { Menu, MenuItem, MenuSeparator } from '#ui/menu.tsx';

import styles from './sidebar.module.css';

export interface SidebarActions {
  newMessage: () => void;
  /** To a conversation or a person by a few letters. */
  jump: () => void;
  search: () => void;
  /** To what mentions the person. */
  mentions: () => void;
  /** To the next conversation with something unread. */
  nextUnread: () => void;
  /** Absent for those who may not make channels. */
  newChannel?: (() => void) | undefined;
  browseChannels: () => void;
  details: (conversation: ConversationId) => void;
  leave: (row: ConversationRow) => void;
  settings: () => void;
  keys: () => void;
  signOut: () => void;
  /** Ends the app, not only the window. */
  quit: () => void;
}

export function WorkspaceMenu({ workspace, actions }: { workspace: string; actions: SidebarActions }) {
  return (
    <Menu
      label={workspace}
      trigger={
        <Button weight="quiet" className={styles['workspace']} aria-label={text.sidebar.workspaceMenu(workspace)}>
          <Mark size={20} />
          <bdi className={styles['workspaceName']}>{workspace}</bdi>
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
      <MenuSeparator />
      <MenuItem icon={Power} onAction={actions.quit}>
        {text.outside.quit}
      </MenuItem>
    </Menu>
  );
}

/** Looks like a field, because what it opens is one. */
export function JumpField({ onPress }: { onPress: () => void }) {
  return (
    <button type="button" className={styles['jump']} onClick={onPress}>
      <Icon of={Search} />
      <span className={styles['jumpName']}>{text.switcher.open}</span>
      <kbd>{spelledKeys('switcher')}</kbd>
    </button>
  );
}

export function NextUnreadButton({ onPress }: { onPress: () => void }) {
  return (
    <IconButton
      icon={ChevronsDown}
      label={text.sidebar.nextUnread}
      hint={withKeys(text.sidebar.nextUnread, 'nextUnread')}
      compact
      onPress={onPress}
    />
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
      hint={withKeys(text.sidebar.newMessage, 'newMessage')}
      compact={compact}
      onPress={onPress}
    />
  );
}
