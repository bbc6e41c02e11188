// Hours of every day in which this device tells of nothing.

import { useState } from 'react';

import type { QuietHours } from '#bridge/device/QuietHours.ts';
import { text } from '#text/text.ts';
import { Switch } from '#ui/switch.tsx';
import { TimeInput } from '#ui/time-input.tsx';

import styles from './notifications-page.module.css';

/** From 22:00 to 07:00, until somebody chooses others. */
const USUAL: QuietHours = { from_min: 22 * 60, to_min: 7 * 60 };

interface QuietHoursChoiceProps {
  hours: QuietHours | null;
  onChange: (hours: QuietHours | null) => void;
}

export function QuietHoursChoice({ hours, onChange }: QuietHoursChoiceProps) {
  /** What comes back when they are switched on again. */
  const [last, setLast] = useState(hours ?? USUAL);
  const say = text.notifications;

  function choose(chosen: QuietHours) {
    setLast(chosen);
    onChange(chosen);
  }

  return (
    <div className={styles['quiet']}>
      <Switch
        label={say.quiet}
        hint={hours === null ? say.quietOff : say.quietOn}
        on={hours !== null}
        onChange={(on) => onChange(on ? last : null)}
      />
      {hours !== null && (
        <>
          <div role="group" aria-label={say.quiet} className={styles['times']}>
            <TimeInput label={say.from} minutes={hours.from_min} onChange={(from_min) => choose({ ...hours, from_min })} />
            <TimeInput label={say.to} minutes={hours.to_min} onChange={(to_min) => choose({ ...hours, to_min })} />
          </div>
          <p role="status" className={styles['hint']}>
            {hours.from_min === hours.to_min && say.noHours}
            {hours.from_min > hours.to_min && say.nextDay}
          </p>
        </>
      )}
    </div>
  );
}
