// One of a few values, behind a button that shows the chosen one.

import { Check, ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components';

import { classes } from './classes.ts';
import field from './field.module.css';
import { Icon } from './icon.tsx';
import styles from './select.module.css';

interface SelectProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
  className?: string | undefined;
}

export function Select<T extends string>({ label, value, onChange, options, className }: SelectProps<T>) {
  return (
    <AriaSelect
      className={classes(field['field'], className)}
      value={value}
      onChange={(chosen) => {
        const option = options.find((candidate) => candidate.value === chosen);
        if (option !== undefined) {
          onChange(option.value);
        }
      }}
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      <Button className={styles['button'] ?? ''}>
        <SelectValue className={styles['value'] ?? ''} />
        <Icon of={ChevronDown} />
      </Button>
      <Popover className={styles['popover'] ?? ''} offset={4}>
        <ListBox className={styles['list'] ?? ''}>
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.label} className={styles['option'] ?? ''}>
              {({ isSelected }) => (
                <>
                  {option.label}
                  {isSelected && <Icon of={Check} className={styles['check']} />}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
