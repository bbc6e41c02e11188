// A time of the day, as the language in use writes it: 22:00 or 10:00 PM. Its parts are typed or changed with arrows.

import { Time } from '@internationalized/date';
import { useMemo } from 'react';
import { DateInput, DateSegment, Label, TimeField } from 'react-aria-components';

import { classes } from './classes.ts';
import field from './field.module.css';
import styles from './time-input.module.css';

const HOUR_MIN = 60;
const DAY_HOURS = 24;

interface TimeInputProps {
  label: string;
  /** After midnight. */
  minutes: number;
  onChange: (minutes: number) => void;
}

export function TimeInput({ label, minutes, onChange }: TimeInputProps) {
  const value = useMemo(() => new Time(Math.floor(minutes / HOUR_MIN) % DAY_HOURS, minutes % HOUR_MIN), [minutes]);
  return (
    <TimeField
      className={field['field'] ?? ''}
      value={value}
      // A part that was emptied is no time yet.
      onChange={(time) => time !== null && onChange(time.hour * HOUR_MIN + time.minute)}
      shouldForceLeadingZeros
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      <DateInput className={classes(field['box'], styles['box'])}>
        {(segment) => <DateSegment segment={segment} className={styles['segment'] ?? ''} />}
      </DateInput>
    </TimeField>
  );
}
