// One of a few, each with a sentence about what it means.

import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components';

import field from './field.module.css';
import styles from './radios.module.css';

interface RadiosProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; hint: string }[];
}

export function Radios<T extends string>({ label, value, onChange, options }: RadiosProps<T>) {
  return (
    <RadioGroup
      className={field['field'] ?? ''}
      value={value}
      onChange={(chosen) => {
        const option = options.find((candidate) => candidate.value === chosen);
        if (option !== undefined) {
          onChange(option.value);
        }
      }}
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      {options.map((option) => (
        <RadioField key={option.value} value={option.value}>
          <RadioButton className={styles['radio'] ?? ''}>
            <span className={styles['dot']} />
            <span className={styles['text']}>
              <span>{option.label}</span>
              <span className={styles['hint']}>{option.hint}</span>
            </span>
          </RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}
