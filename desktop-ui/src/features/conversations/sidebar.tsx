// Everything one is a member of, by last activity: unread first, then channels, then people, then what is archived.

import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { text } from '#text/text.ts';
import { spelledKeys } from '#ui/keys/spelled.ts';

import { ArchivedSection, Section } from './section.tsx';
import { AddChannelMenu, JumpField, NewMessageButton, NextUnreadButton, WorkspaceMenu, type SidebarActions } from './sidebar-menus.tsx';
import { Me } from './me.tsx';
import styles from './sidebar.module.css';
import { UpdateHint } from './update-hint.tsx';
import { Views } from './views.tsx';
import type { ConversationList } from './use-sections.ts';

interface SidebarProps {
  workspace: string;
  list: ConversationList;
  selected: ConversationId | null;
  /** What stands beside the list. */
  view: 'conversation' | 'search' | 'mentions';
  onSelect: (conversation: ConversationId) => void;
  actions: SidebarActions;
}

export function Sidebar({ workspace, list, selected, view, onSelect, actions }: SidebarProps) {
  const { rows, sections, order } = list;
  const reachable = order.some((row) => row.id === selected) ? selected : (order[0]?.id ?? null);
  const shared = { selected, reachable, onSelect, actions, quiet: rows === undefined };

  return (
    <nav className={styles['sidebar']} aria-label={text.sidebar.region}>
      {/* In a narrow window the list is a page of its own, with a name of its own. */}
      <h1 className={styles['pageTitle']}>{text.sidebar.region}</h1>
      <div className={styles['head']}>
        <WorkspaceMenu workspace={workspace} actions={actions} />
        <NewMessageButton onPress={actions.newMessage} />
      </div>
      <div className={styles['search']}>
        <JumpField onPress={actions.jump} />
        <Views view={view} rows={rows} actions={actions} />
      </div>
      <Walkable selected={selected}>
        {sections.unread.length > 0 && (
          <Section
            title={text.sidebar.unread}
            rows={sections.unread}
            add={<NextUnreadButton onPress={actions.nextUnread} />}
            {...shared}
          />
        )}
        <Section
          title={text.sidebar.channels}
          rows={sections.channels}
          add={<AddChannelMenu actions={actions} />}
          empty={rows?.some((row) => row.kind === 'channel') === true ? undefined : text.sidebar.emptyChannels}
          {...shared}
        />
        <Section
          title={text.sidebar.directMessages}
          rows={sections.direct}
          add={<NewMessageButton compact onPress={actions.newMessage} />}
          empty={rows?.some((row) => row.kind !== 'channel') === true ? undefined : text.sidebar.emptyDirect(spelledKeys('newMessage'))}
          {...shared}
        />
        {sections.archived.length > 0 && (
          <ArchivedSection rows={sections.archived} shown={list.archivedShown} onShow={list.showArchived} {...shared} />
        )}
      </Walkable>
      <UpdateHint onSettings={actions.settings} />
      <Me actions={actions} />
    </nav>
  );
}

/** Arrow keys walk over all rows; Home and End reach the first and the last. */
function Walkable({ selected, children }: { selected: ConversationId | null; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is open is to be seen in the list, however it was opened.
    frame.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  function walk(event: KeyboardEvent) {
    const rows = [...(frame.current?.querySelectorAll<HTMLElement>('[data-conversation]') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at < 0 || target === undefined || event.altKey) {
      return;
    }
    event.preventDefault();
    rows[Math.max(0, Math.min(target, rows.length - 1))]?.focus();
  }

  return (
    // The rows are the controls; this only moves the focus between them.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={frame} data-scrolls className={styles['list']} onKeyDown={walk}>
      {children}
    </div>
  );
}
