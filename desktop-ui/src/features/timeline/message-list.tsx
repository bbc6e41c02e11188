// The lines of one stretch of a conversation. Follows the end while the person is there, and stays where they are
// otherwise.

import { useCallback, useEffect, useId, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';

import { useLiveCache } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { shownStretch, type Timeline } from '#bridge/timeline.ts';
import { useWatched } from '#bridge/use-watched.ts';
import type { Editing } from '#bridge/writing.ts';
import { useFocusComposer } from '#bridge/writing.ts';
import { text } from '#text/text.ts';
import { Hidden } from '#ui/hidden.tsx';

import { useMessageActions } from './actions.ts';
import type { Item } from './items.ts';
import { useEarlier, useLater } from './queries.ts';
import { Row, type RowSurroundings } from './row.tsx';
import styles from './timeline.module.css';
import { useFollow } from './use-follow.ts';
import { useMessageKeys } from './use-message-keys.ts';
import { usePointedAt } from './use-pointed-at.ts';
import { useShift } from './use-shift.ts';
import { useWalk } from './use-walk.ts';
import { isAtEnd, isNear, peopleOnScreen, seenOrdinal, topMessage } from './viewport.ts';

export interface ListHandle {
  toEnd: () => void;
  focusMessage: (seq: number) => void;
}

interface MessageListProps {
  ref: Ref<ListHandle>;
  row: ConversationRow;
  timeline: Timeline;
  items: readonly Item[];
  label: string;
  around: Omit<RowSurroundings, 'earlier' | 'later' | 'walked' | 'pointedAt' | 'editing'>;
  editing: Editing | null;
  onLook: (look: { atEnd: boolean; seen: number | null }) => void;
}

export function MessageList({ ref, row, timeline, items, label, around, editing, onLook }: MessageListProps) {
  const live = useLiveCache();
  const actions = useMessageActions();
  const focusComposer = useFocusComposer(row.id);
  const hint = useId();
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(timeline.away === null && timeline.target === null);
  /** What `atEnd` will be, known before the next drawing. */
  const stuck = useRef(atEnd);
  const [people, setPeople] = useState<readonly string[]>([]);
  const earlier = useEarlier(row.id);
  const later = useLater(row.id);
  const walk = useWalk(items, list, scroller);
  const keys = useMessageKeys({ items, walk, actions, onEscape: focusComposer });
  const stretch = shownStretch(timeline);
  const isHome = timeline.away === null;
  const shift = useShift(stretch.first);
  const editingAt = items.findIndex((item) => item.kind === 'message' && item.message.seq === editing?.seq);
  useWatched({ conversations: [row.id], people });

  const look = useCallback(() => {
    const handle = list.current;
    if (handle === null || handle.viewportSize === 0) {
      return;
    }
    const end = isHome && isAtEnd(handle);
    stuck.current = end;
    setAtEnd(end);
    onLook({ atEnd: end, seen: seenOrdinal(handle, items) });
    live.readAt(row.id, end ? null : topMessage(handle, items));
    if (stretch.hasEarlier && isNear(handle, 'start')) {
      earlier.load(stretch.first);
    }
    if (!isHome && isNear(handle, 'end')) {
      later.load(stretch.last);
    }
  }, [items, isHome, stretch.hasEarlier, stretch.first, stretch.last, onLook, live, row.id, earlier, later]);
  const lookLonger = useCallback(() => {
    look();
    if (list.current !== null) {
      const seen = peopleOnScreen(list.current, items);
      setPeople((before) => (before.join() === seen.join() ? before : seen));
    }
  }, [look, items]);
  useEffect(() => () => live.readAt(row.id, null), [live, row.id]);
  const resized = useCallback(() => {
    const handle = list.current;
    if (handle !== null && stuck.current && !isAtEnd(handle)) {
      // A line grew, such as by a reaction; the end stays the end.
      handle.scrollToIndex(items.length - 1, { align: 'end' });
    } else {
      look();
    }
  }, [items.length, look]);

  const pointedAt = usePointedAt(timeline.target, items, list, walk.go);
  useFollow({ list, scroller, items, atEnd, placed: pointedAt.placed, unsent: timeline.sending.length, look: lookLonger });
  useImperativeHandle(ref, () => ({
    toEnd: () => list.current?.scrollToIndex(items.length - 1, { align: 'end' }),
    focusMessage: (seq) => walk.go(indexOf(items, seq)),
  }));
  useEffect(() => {
    // An edit that was begun elsewhere, such as by Up in the composer, comes into sight.
    if (editing !== null && editing.from !== 'refusal' && editingAt >= 0) {
      list.current?.scrollToIndex(editingAt, { align: 'nearest' });
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [editing?.seq, editing?.from]);

  const mounted = useMemo(() => [walk.index, editingAt].filter((index) => index >= 0), [walk.index, editingAt]);
  return (
    // Arrows walk its messages, which have the focus themselves.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={scroller}
      className={styles['scroller']}
      role="log"
      // Loaded history must not be read out; the announcer says what is new.
      aria-live="off"
      aria-label={label}
      aria-describedby={hint}
      // Reachable while there is no message that could be.
      tabIndex={walk.at === null ? 0 : -1}
      onFocus={(event) => walk.onFocus(event.target)}
      onKeyDown={keys}
    >
      <Hidden>
        <span id={hint}>{text.timeline.walkHint}</span>
      </Hidden>
      <div className={styles['spacer']} />
      <Virtualizer
        ref={list}
        scrollRef={scroller}
        data={items}
        shift={shift}
        keepMounted={mounted}
        onScroll={look}
        onScrollEnd={lookLonger}
        onResize={resized}
      >
        {(item) => (
          <Row
            key={item.key}
            item={item}
            around={{
              ...around,
              earlier,
              later,
              walked: walk.at,
              pointedAt: pointedAt.seq,
              editing,
            }}
          />
        )}
      </Virtualizer>
    </div>
  );
}

function indexOf(items: readonly Item[], seq: number): number {
  return items.findIndex((item) => item.kind === 'message' && item.message.seq === seq);
}
