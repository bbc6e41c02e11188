// One line of the list: the conversation, and the menu of what can be done with it without opening it. The menu opens
// from its button, by a right click, and by the menu key on the conversation.

import { Ellipsis, Info, LogOut, MailCheck, MailOpen } from 'lucide-react';
import { useState, type KeyboardEvent, type MouseEvent } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import { spokenName } from '#text/names.ts';
import { levelOptions } from '#text/levels.ts';
import { text } from '#text/text.ts';
import { IconButton } from '#ui/button.tsx';
import { means } from '#ui/keys/press.ts';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '#ui/menu.tsx';

import styles from './conversation-item.module.css';
import { ConversationRowButton } from './conversation-row-button.tsx';
import { useReadMarks, useSetLevel } from './queries.ts';
import type { SidebarActions } from './sidebar-menus.tsx';

interface ConversationItemProps {
  row: ConversationRow;
  people: People;
  me: UserId;
  selected: boolean;
  /** One row of the list takes part in the tab order; arrows reach the others. */
  reachable: boolean;
  onSelect: () => void;
  actions: SidebarActions;
}

export function ConversationItem({ row, people, me, selected, reachable, onSelect, actions }: ConversationItemProps) {
  const [menuOpen, setMenuOpen] = useState(false);
  const name = spokenName(row, people, me);

  function rightClick(event: MouseEvent) {
    event.preventDefault();
    setMenuOpen(true);
  }

  function press(event: KeyboardEvent) {
    if (means(event, 'rowMenu')) {
      event.preventDefault();
      setMenuOpen(true);
    }
  }

  return (
    // The controls are inside; the line only opens their menu.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li className={styles['item']} data-open={menuOpen} onContextMenu={rightClick} onKeyDown={press}>
      <ConversationRowButton
        row={row}
        people={people}
        me={me}
        selected={selected}
        reachable={reachable}
        onSelect={onSelect}
      />
      <Menu
        label={name}
        isOpen={menuOpen}
        onOpenChange={setMenuOpen}
        trigger={
          <IconButton
            icon={Ellipsis}
            label={text.sidebar.rowMenu(name)}
            compact
            className={styles['more']}
            excludeFromTabOrder={!reachable}
          />
        }
      >
        <ReadItem row={row} />
        <MenuItem icon={Info} onAction={() => actions.details(row.id)}>
          {text.sidebar.showDetails}
        </MenuItem>
        {row.membership === 'member' && <LevelChoice row={row} />}
        {row.kind === 'channel' && row.membership === 'member' && (
          <>
            <MenuSeparator />
            <MenuItem icon={LogOut} danger onAction={() => actions.leave(row)}>
              {text.sidebar.leave}
            </MenuItem>
          </>
        )}
      </Menu>
    </li>
  );
}

function LevelChoice({ row }: { row: ConversationRow }) {
  const setLevel = useSetLevel(row.id);
  return (
    <>
      <MenuSeparator />
      <MenuChoice title={text.level.title} value={row.level ?? 'usual'} options={levelOptions()} onChange={setLevel} />
    </>
  );
}

function ReadItem({ row }: { row: ConversationRow }) {
  const { markRead, markUnread } = useReadMarks();
  if (row.unread > 0) {
    return (
      <MenuItem icon={MailCheck} onAction={() => markRead(row)}>
        {text.sidebar.markRead}
      </MenuItem>
    );
  }
  return row.ordinal > 0 ? (
    <MenuItem icon={MailOpen} onAction={() => markUnread(row)}>
      {text.sidebar.markUnread}
    </MenuItem>
  ) : null;
}
