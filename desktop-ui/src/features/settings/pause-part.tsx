// Telling of nothing for a while, and going on before that is over.

import { useRef } from 'react';

import { text } from '#text/text.ts';
import { momentInSentence, timeText } from '#text/time.ts';
import { Button } from '#ui/button.tsx';
import { PagePart } from '#ui/page.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './notifications-page.module.css';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const MORNING_H = 8;

interface PausePartProps {
  until: number | null;
  onPause: (until: number | null) => void;
}

export function PausePart({ until, onPause }: PausePartProps) {
  const now = useNow(SECOND_MS);
  const part = useRef<HTMLDivElement>(null);
  const say = text.notifications;
  const isPaused = until !== null && until > now;
  const tomorrow = tomorrowMorning(now);

  function pause(moment: number | null) {
    // The button that was pressed goes; the focus stays in its place.
    part.current?.focus();
    onPause(moment);
  }

  return (
    <PagePart title={say.pause} lead={isPaused ? undefined : say.pauseLead}>
      <div ref={part} tabIndex={-1} className={styles['pause']}>
        <p role="status" className={styles['paused']}>
          {isPaused && say.paused(momentInSentence(until, { now }))}
        </p>
        {isPaused ? (
          <Button onPress={() => pause(null)}>{say.resume}</Button>
        ) : (
          <>
            <Button onPress={() => pause(Date.now() + HOUR_MS)}>{say.forAnHour}</Button>
            <Button onPress={() => pause(tomorrow)}>{say.untilTomorrow(timeText(tomorrow, { now }))}</Button>
          </>
        )}
      </div>
    </PagePart>
  );
}

/** By the clock of this computer, also over a change to summer time. */
function tomorrowMorning(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING_H).getTime();
}
