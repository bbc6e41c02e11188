// The messages of one conversation. Follows the end while the person is there, and stays where they are otherwise.

import { useCallback, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { Timeline as TimelineData } from '#bridge/timeline.ts';
import { spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { useNow } from '#ui/use-now.ts';

import { Announcer } from './announcer.tsx';
import { itemsOf } from './items.ts';
import { JumpPill } from './jump-pill.tsx';
import { useEarlier } from './queries.ts';
import { Row } from './row.tsx';
import styles from './timeline.module.css';
import { useFollow } from './use-follow.ts';
import { useNewLine } from './use-new-line.ts';
import { useReading } from './use-reading.ts';
import { useShift } from './use-shift.ts';
import { useWindowFocus } from './use-window-focus.ts';
import { isAtEnd, seenOrdinal } from './viewport.ts';

/** Earlier messages are asked for while this many screens are still above. */
const SCREENS_AHEAD = 2;
const MINUTE_MS = 60_000;

interface TimelineProps {
  row: ConversationRow;
  timeline: TimelineData;
}

export function Timeline({ row, timeline }: TimelineProps) {
  const me = useMe();
  const people = usePeople();
  const focused = useWindowFocus();
  const now = useNow(MINUTE_MS);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(row.read_ordinal);
  const newAfter = useNewLine(row, focused && atEnd);
  const read = useReading(row, focused);
  const earlier = useEarlier(row.id);
  const clock = useMemo(() => ({ now }), [now]);
  const items = useMemo(() => itemsOf({ timeline, me: me.id, newAfter, clock }), [timeline, me.id, newAfter, clock]);
  const shift = useShift(timeline.entries[0]?.seq);

  const first = timeline.entries[0]?.seq;
  const { mutate, isPending, isError } = earlier;
  const loadEarlier = useCallback(() => {
    if (first !== undefined && !isPending) {
      mutate(first);
    }
  }, [first, isPending, mutate]);

  const look = useCallback(() => {
    const handle = list.current;
    if (handle === null) {
      return;
    }
    setAtEnd(isAtEnd(handle));
    const ordinal = seenOrdinal(handle, items);
    if (ordinal !== null) {
      setSeen((before) => Math.max(before, ordinal));
      read(ordinal);
    }
    const above = handle.scrollOffset < SCREENS_AHEAD * handle.viewportSize;
    if (above && handle.viewportSize > 0 && timeline.hasEarlier && !isError) {
      loadEarlier();
    }
  }, [items, read, timeline.hasEarlier, isError, loadEarlier]);

  useFollow({ list, scroller, items, atEnd, unsent: timeline.sending.length, look });

  const waiting = useMemo(
    () => timeline.entries.filter((entry) => entry.kind === 'message' && entry.ordinal > seen && entry.author !== me.id).length,
    [timeline.entries, seen, me.id],
  );
  const around = useMemo(
    () => ({ row, people, me, clock, earlier: { loading: isPending, failed: isError, load: loadEarlier } }),
    [row, people, me, clock, isPending, isError, loadEarlier],
  );

  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={styles['scroller']}
        role="log"
        // Loaded history must not be read out; the announcer says what is new.
        aria-live="off"
        aria-label={text.timeline.log(spokenName(row, people, me.id))}
        // Reachable, so that it scrolls by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <div className={styles['spacer']} />
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={items}
          shift={shift}
          onScroll={look}
          onScrollEnd={look}
          onResize={look}
        >
          {(item) => <Row key={item.key} item={item} around={around} />}
        </Virtualizer>
      </div>
      {!atEnd && <JumpPill waiting={waiting} onJump={() => list.current?.scrollToIndex(items.length - 1, { align: 'end' })} />}
      <Announcer entries={timeline.entries} me={me.id} people={people} />
    </div>
  );
}
