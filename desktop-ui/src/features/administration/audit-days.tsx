// Events under the days on which they happened.

import type { AuditEvent } from '#bridge/generated/AuditEvent.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { dayKey, dayText, fullText, timeText, type Clock } from '#text/time.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Mark } from '#ui/mark.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './audit-page.module.css';
import { auditWords } from './audit-sentence.ts';

interface AuditDaysProps {
  /** The newest first. */
  events: readonly AuditEvent[];
  nameOf: (id: string) => string | null;
}

export function AuditDays({ events, nameOf }: AuditDaysProps) {
  const clock: Clock = { now: useNow(60_000) };
  return (
    <div role="group" aria-label={text.administration.audit.list} className={styles['days']}>
      {days(events, clock).map((day) => (
        <section key={dayKey(day[0].at, clock)} aria-label={dayText(day[0].at, clock)}>
          <h2 className={styles['day']}>{dayText(day[0].at, clock)}</h2>
          <ol className={styles['events']}>
            {day.map((event) => (
              <Event key={event.seq} event={event} nameOf={nameOf} clock={clock} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

type Day = [AuditEvent, ...AuditEvent[]];

function days(events: readonly AuditEvent[], clock: Clock): Day[] {
  const found: Day[] = [];
  for (const event of events) {
    const last = found.at(-1);
    if (last !== undefined && dayKey(last[0].at, clock) === dayKey(event.at, clock)) {
      last.push(event);
    } else {
      found.push([event]);
    }
  }
  return found;
}

function Event({ event, nameOf, clock }: { event: AuditEvent; nameOf: AuditDaysProps['nameOf']; clock: Clock }) {
  const { sentence, details } = auditWords(event, nameOf);
  const { actor } = event;
  return (
    <li className={styles['event']} data-testid="audit-event">
      {actor == null ? (
        <span className={styles['server']}>
          <Mark size={20} />
        </span>
      ) : (
        <Avatar id={actor} letters={initials(nameOf(actor) ?? '')} size="middle" />
      )}
      <div className={styles['words']}>
        <p className={styles['sentence']}>{sentence}</p>
        {details.map((detail) => (
          <p key={detail} className={styles['detail']}>
            {detail}
          </p>
        ))}
      </div>
      <p className={styles['when']}>
        <time dateTime={new Date(event.at).toISOString()} title={fullText(event.at, clock)}>
          {timeText(event.at, clock)}
        </time>
        {event.address !== '' && <span className={styles['address']}>{text.administration.audit.from(event.address)}</span>}
      </p>
    </li>
  );
}
