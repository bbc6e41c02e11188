// One part of the list: its name and its conversations.

import { ChevronRight } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { text } from '#text/text.ts';
import { Icon } from '#ui/icon.tsx';

import { ConversationItem } from './conversation-item.tsx';
import styles from './section.module.css';
import type { SidebarActions } from './sidebar-menus.tsx';
import { stretchesOf, useNear } from './use-near.ts';

interface RowsProps {
  rows: readonly ConversationRow[];
  selected: ConversationId | null;
  reachable: ConversationId | null;
  onSelect: (conversation: ConversationId) => void;
  actions: SidebarActions;
}

interface SectionProps extends RowsProps {
  title: string;
  add?: ReactNode;
  /** What to say when there is nothing. */
  empty?: string | undefined;
  /** Nothing is known yet, so nothing is said. */
  quiet: boolean;
}

export function Section({ title, add, empty, quiet, ...rows }: SectionProps) {
  return (
    <section className={styles['section']} aria-label={title}>
      <div className={styles['title']}>
        <h2>{title}</h2>
        {add}
      </div>
      {rows.rows.length === 0 && empty !== undefined && !quiet && <p className={styles['empty']}>{empty}</p>}
      <Rows {...rows} />
    </section>
  );
}

interface ArchivedSectionProps extends RowsProps {
  shown: boolean;
  onShow: (shown: boolean) => void;
}

export function ArchivedSection({ shown, onShow, ...rows }: ArchivedSectionProps) {
  const list = useId();
  const rowsShown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What was unfolded below the edge is what one wanted to see.
    if (shown) {
      rowsShown.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [shown]);
  return (
    <section className={styles['section']} aria-label={text.sidebar.archived}>
      <h2 className={styles['title']}>
        <button
          type="button"
          className={styles['fold']}
          aria-expanded={shown}
          aria-controls={shown ? list : undefined}
          onClick={() => onShow(!shown)}
        >
          <Icon of={ChevronRight} />
          {text.sidebar.archived}
          <span className={styles['foldCount']}>{rows.rows.length}</span>
        </button>
      </h2>
      {shown && (
        <div id={list} ref={rowsShown}>
          <Rows {...rows} />
        </div>
      )}
    </section>
  );
}

function Rows({ rows, selected, reachable, onSelect, actions }: RowsProps) {
  const me = useMe();
  const people = usePeople();
  const list = useRef<HTMLUListElement>(null);
  const near = useNear(list, rows.length);
  // Where keys lead, wherever that is: what is open, and both ends.
  const pinned = [0, rows.findIndex((row) => row.id === reachable), rows.length - 1];
  const item = (at: number) => {
    const row = rows[at];
    return (
      row !== undefined && (
        <ConversationItem
          key={row.id}
          row={row}
          people={people}
          me={me.id}
          selected={row.id === selected}
          reachable={row.id === reachable}
          onSelect={() => onSelect(row.id)}
          actions={actions}
        />
      )
    );
  };
  return (
    <ul ref={list}>
      {stretchesOf(rows.length, near, pinned).flatMap(({ from, to, drawn }) =>
        drawn ? (
          rangeOf(from, to).map(item)
        ) : (
          <li key={`gap ${from}`} aria-hidden style={{ blockSize: `calc(${to - from} * var(--control-compact))` }} />
        ),
      )}
    </ul>
  );
}

function rangeOf(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
