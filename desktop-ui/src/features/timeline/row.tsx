// One line of the timeline, whatever it is.

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { People } from '#bridge/live-cache.ts';
import { personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { dayText, fullText, type Clock } from '#text/time.ts';

import { Beginning } from './beginning.tsx';
import { EarlierRow, type EarlierState } from './earlier-row.tsx';
import { eventsSentence } from './events.ts';
import type { Item } from './items.ts';
import { Message } from './message.tsx';
import styles from './row.module.css';
import { UnsentMessage } from './unsent-message.tsx';

export interface RowSurroundings {
  row: ConversationRow;
  people: People;
  me: PersonView;
  clock: Clock;
  earlier: EarlierState;
}

export function Row({ item, around }: { item: Item; around: RowSurroundings }) {
  const { people, clock, me } = around;
  switch (item.kind) {
    case 'beginning':
      return <Beginning row={around.row} people={people} me={me} />;
    case 'earlier':
      return <EarlierRow state={around.earlier} />;
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
    case 'message':
      return (
        <Message entry={item.entry} author={personName(people, item.entry.author)} first={item.first} clock={clock} />
      );
    case 'unsent':
      return <UnsentMessage message={item.message} me={me} first={item.first} clock={clock} />;
    case 'end':
      return <div className={styles['end']} />;
  }
}
