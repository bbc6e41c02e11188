// The messages of one conversation, and everything one does to them.

import { useCallback, useMemo, useRef, useState } from 'react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { shownStretch, type Timeline as TimelineData } from '#bridge/timeline.ts';
import { spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { useNow } from '#ui/use-now.ts';

import { MessageActionsContext } from './actions.ts';
import { Announcer } from './announcer.tsx';
import { itemsOf } from './items.ts';
import { JumpPill } from './jump-pill.tsx';
import { MessageList, type ListHandle } from './message-list.tsx';
import { Overlays } from './overlays.tsx';
import { useHome } from './queries.ts';
import { RefusalNotices } from './refusal-notices.tsx';
import styles from './timeline.module.css';
import { useActions } from './use-actions.ts';
import { useNewLine } from './use-new-line.ts';
import { useReading } from './use-reading.ts';
import { useShownMark } from './use-shown-mark.ts';
import { useWindowFocus } from './use-window-focus.ts';

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
  const list = useRef<ListHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(row.read_ordinal);
  const newAfter = useNewLine(row, focused && atEnd);
  const { read, keepUnread } = useReading(row, focused);
  const goHome = useHome(row.id);
  const clock = useMemo(() => ({ now }), [now]);
  const items = useMemo(() => itemsOf({ timeline, me: me.id, newAfter, clock }), [timeline, me.id, newAfter, clock]);
  const stretch = shownStretch(timeline);
  useShownMark(row.id, items.length > 0);

  const focusMessage = useCallback((seq: number) => list.current?.focusMessage(seq), []);
  const { actions, opened, setOpened, editing } = useActions({ row, focusMessage, keepUnread });

  const onLook = useCallback(
    (look: { atEnd: boolean; seen: number | null }) => {
      setAtEnd(look.atEnd);
      const ordinal = look.seen;
      if (ordinal !== null) {
        setSeen((before) => Math.max(before, ordinal));
        read(ordinal);
      }
    },
    [read],
  );

  const waiting = useMemo(
    () => timeline.items.filter((item) => item.item === 'message' && item.ordinal > seen && item.author !== me.id).length,
    [timeline.items, seen, me.id],
  );
  const around = useMemo(() => ({ row, people, me, clock, stretch }), [row, people, me, clock, stretch]);

  return (
    <MessageActionsContext value={actions}>
      <div className={styles['frame']}>
        <MessageList
          // A stretch that replaces another begins at a place of its own.
          key={timeline.moves}
          ref={list}
          row={row}
          timeline={timeline}
          items={items}
          label={text.timeline.log(spokenName(row, people, me.id))}
          around={around}
          editing={editing}
          onLook={onLook}
        />
        {!atEnd && (
          <JumpPill
            waiting={waiting}
            onJump={() => {
              goHome();
              list.current?.toEnd();
            }}
          />
        )}
        <RefusalNotices conversation={row.id} />
        <Announcer items={timeline.items} me={me.id} people={people} />
      </div>
      <Overlays
        opened={opened}
        timeline={timeline}
        people={people}
        onClose={(only) => setOpened((held) => (held === only ? null : held))}
        focusMessage={focusMessage}
      />
    </MessageActionsContext>
  );
}
