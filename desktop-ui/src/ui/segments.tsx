// One of a few values side by side, each as wide as the others.

import type { ReactNode } from 'react';
import { Label, RadioButton, RadioField, RadioGroup, Text } from 'react-aria-components';

import { classes } from './classes.ts';
import field from './field.module.css';
import styles from './segments.module.css';

interface SegmentsProps<T extends string> {
  label: string;
  hint?: string;
  value: T;
  onChange: (value: T) => void;
  /** With a drawing the name stands below it. */
  options: readonly { value: T; label: string; drawing?: ReactNode }[];
}

export function Segments<T extends string>({ label, hint, value, onChange, options }: SegmentsProps<T>) {
  const drawn = options.some((option) => option.drawing !== undefined);
  return (
    <RadioGroup
      className={field['field'] ?? ''}
      orientation="horizontal"
      value={value}
      onChange={(chosen) => {
        const option = options.find((candidate) => candidate.value === chosen);
        if (option !== undefined) {
          onChange(option.value);
        }
      }}
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      <div className={classes(styles['segments'], drawn && styles['drawn'])}>
        {options.map((option) => (
          <RadioField key={option.value} value={option.value} className={styles['field'] ?? ''}>
            <RadioButton className={styles['segment'] ?? ''}>
              {option.drawing}
              <span className={styles['name']}>{option.label}</span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
      {hint !== undefined && (
        <Text slot="description" className={field['hint'] ?? ''}>
          {hint}
        </Text>
      )}
    </RadioGroup>
  );
}
