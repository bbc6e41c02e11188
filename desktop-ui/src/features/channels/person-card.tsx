// Who one writes with.

import type { PersonView } from '#bridge/generated/PersonView.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { timeText } from '#text/time.ts';
import { Avatar } from '#ui/avatar.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './person-card.module.css';

export function PersonCard({ person }: { person: PersonView }) {
  const now = useNow(30_000);
  return (
    <section className={styles['card']}>
      <Avatar id={person.id} letters={initials(person.name)} />
      <div>
        <h3>{person.name}</h3>
        {person.title !== '' && <p>{person.title}</p>}
      </div>
      <dl>
        <dt>{text.profile.email}</dt>
        <dd>{person.email}</dd>
        {person.time_zone !== '' && (
          <>
            <dt>{text.profile.timeZone}</dt>
            <dd>
              {person.time_zone.replaceAll('_', ' ')}
              <br />
              {localTime(now, person.time_zone)}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** Empty when this computer does not know the zone. */
function localTime(now: number, zone: string): string {
  try {
    return text.details.localTime(timeText(now, { now, zone }));
  } catch {
    return '';
  }
}
