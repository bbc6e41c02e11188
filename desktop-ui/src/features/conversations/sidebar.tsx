// Everything one is a member of, by last activity: unread first, then channels, then people.

import { useRef, type KeyboardEvent, type ReactNode } from 'react';

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { text } from '#text/text.ts';

import { ConversationRowButton } from './conversation-row-button.tsx';
import { AddChannelMenu, NewMessageButton, WorkspaceMenu, type SidebarActions } from './sidebar-menus.tsx';
import { Me } from './me.tsx';
import { inOrder, sectionsOf } from './sections.ts';
import styles from './sidebar.module.css';
import { useStays } from './use-stays.ts';

const NONE: ConversationRow[] = [];

interface SidebarProps {
  workspace: string;
  selected: ConversationId | null;
  onSelect: (conversation: ConversationId) => void;
  actions: SidebarActions;
}

export function Sidebar({ workspace, selected, onSelect, actions }: SidebarProps) {
  const loaded = useConversations();
  const rows = loaded ?? NONE;
  const stays = useStays(rows, selected);
  const sections = sectionsOf(rows, stays);
  const reachable = rows.some((row) => row.id === selected) ? selected : (inOrder(sections)[0]?.id ?? null);
  const list = { selected, reachable, onSelect };

  return (
    <nav className={styles['sidebar']} aria-label={text.sidebar.region}>
      <div className={styles['head']}>
        <WorkspaceMenu workspace={workspace} actions={actions} />
        <NewMessageButton onPress={actions.newMessage} />
      </div>
      <Walkable>
        {sections.unread.length > 0 && <Section title={text.sidebar.unread} rows={sections.unread} {...list} />}
        <Section
          title={text.sidebar.channels}
          rows={sections.channels}
          add={<AddChannelMenu actions={actions} />}
          empty={rows.some((row) => row.kind === 'channel') ? undefined : text.sidebar.emptyChannels}
          quiet={loaded === undefined}
          {...list}
        />
        <Section
          title={text.sidebar.directMessages}
          rows={sections.direct}
          add={<NewMessageButton compact onPress={actions.newMessage} />}
          empty={rows.some((row) => row.kind !== 'channel') ? undefined : text.sidebar.emptyDirect}
          quiet={loaded === undefined}
          {...list}
        />
      </Walkable>
      <Me onOpen={actions.profile} />
    </nav>
  );
}

/** Arrow keys walk over all rows; Home and End reach the first and the last. */
function Walkable({ children }: { children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);

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
    <div ref={frame} className={styles['list']} onKeyDown={walk}>
      {children}
    </div>
  );
}

interface SectionProps {
  title: string;
  rows: readonly ConversationRow[];
  selected: ConversationId | null;
  reachable: ConversationId | null;
  onSelect: (conversation: ConversationId) => void;
  add?: ReactNode;
  /** What to say when there is nothing. */
  empty?: string | undefined;
  /** Nothing is known yet, so nothing is said. */
  quiet?: boolean;
}

function Section({ title, rows, selected, reachable, onSelect, add, empty, quiet = false }: SectionProps) {
  const me = useMe();
  const people = usePeople();
  return (
    <section className={styles['section']} aria-label={title}>
      <div className={styles['title']}>
        <h2>{title}</h2>
        {add}
      </div>
      {rows.length === 0 && empty !== undefined && !quiet && <p className={styles['empty']}>{empty}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <ConversationRowButton
              row={row}
              people={people}
              me={me.id}
              selected={row.id === selected}
              reachable={row.id === reachable}
              onSelect={() => onSelect(row.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
