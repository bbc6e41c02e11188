// One line of the timeline, whatever it is.

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { People } from '#bridge/live-cache.ts';
import type { Stretch } from '#bridge/timeline.ts';
import type { Editing } from '#bridge/writing.ts';
import { personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { dayText, fullText, type Clock } from '#text/time.ts';

import { Beginning } from './beginning.tsx';
import { eventsSentence } from './events.ts';
import type { Item } from './items.ts';
import { Message } from './message.tsx';
import { PageRow } from './page-row.tsx';
import type { PageState } from './queries.ts';
import styles from './row.module.css';
import { UnsentMessage } from './unsent-message.tsx';

export interface RowSurroundings {
  row: ConversationRow;
  people: People;
  me: PersonView;
  clock: Clock;
  stretch: Stretch;
  earlier: PageState;
  later: PageState;
  /** The key of the message that arrows are at. */
  walked: string | null;
  /** The seq of the message that somebody was led to just now. */
  pointedAt: number | null;
  editing: Editing | null;
}

export function Row({ item, around }: { item: Item; around: RowSurroundings }) {
  const { people, clock, me, stretch, earlier, later } = around;
  switch (item.kind) {
    case 'beginning':
      return <Beginning row={around.row} people={people} me={me} />;
    case 'earlier':
      return <PageRow edge="earlier" {...earlier} onLoad={() => earlier.retry(stretch.first)} />;
    case 'later':
      return <PageRow edge="later" {...later} onLoad={() => later.retry(stretch.last)} />;
    case 'day':
      return (
        <div className={styles['day']}>
          <span>{dayText(item.at, clock)}</span>
        </div>
      );
    case 'new':
      return (
        <div className={styles['new']}>
          <span>{text.timeline.newLine}</span>
        </div>
      );
    case 'events':
      return (
        <p className={styles['events']} title={fullText(item.entries[0]?.at ?? 0, clock)}>
          {eventsSentence(item.entries, (person) => personName(people, person))}
        </p>
      );
    case 'message': {
      const { editing } = around;
      const isEdited = editing?.seq === item.message.seq;
      return (
        <Message
          id={item.key}
          message={item.message}
          first={item.first}
          people={people}
          me={me.id}
          clock={clock}
          walked={around.walked === item.key}
          pointedAt={around.pointedAt === item.message.seq}
          editing={isEdited ? editing : null}
          seenBy={around.row.kind === 'channel' ? undefined : item.seenBy}
        />
      );
    }
    case 'unsent':
      return (
        <UnsentMessage
          id={item.key}
          message={item.message}
          people={people}
          me={me}
          first={item.first}
          clock={clock}
          walked={around.walked === item.key}
          hasReceipts={around.row.kind !== 'channel'}
        />
      );
    case 'end':
      return <div className={styles['end']} />;
  }
}
