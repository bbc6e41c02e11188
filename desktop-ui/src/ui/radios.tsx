// One of a few, each with a sentence about what it means.

import { Label, RadioButton, RadioField, RadioGroup, Text } from 'react-aria-components';

import field from './field.module.css';
import styles from './radios.module.css';

interface RadiosProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  /** Why nobody can change it here. */
  decided?: string | undefined;
  options: readonly { value: T; label: string; hint: string }[];
}

export function Radios<T extends string>({ label, value, onChange, options, decided }: RadiosProps<T>) {
  return (
    <RadioGroup
      // A description is only found when the group appears with it.
      key={decided}
      className={field['field'] ?? ''}
      value={value}
      isDisabled={decided !== undefined}
      onChange={(chosen) => {
        const option = options.find((candidate) => candidate.value === chosen);
        if (option !== undefined) {
          onChange(option.value);
        }
      }}
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      {decided !== undefined && (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {decided}
        </Text>
      )}
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
