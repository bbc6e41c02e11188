// One of many values, found by typing a part of it.

import { ChevronDown } from 'lucide-react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';

import styles from './choice.module.css';
import field from './field.module.css';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

interface ChoiceProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly string[];
}

export function Choice({ label, hint, value, onChange, options }: ChoiceProps) {
  return (
    <ComboBox
      className={field['field'] ?? ''}
      defaultItems={options.map((option) => ({ id: option }))}
      defaultValue={value}
      onChange={(key) => onChange(key === null ? '' : String(key))}
      menuTrigger="focus"
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      <div className={classes(field['box'], styles['box'])}>
        <Input className={field['input'] ?? ''} />
        <Button className={styles['open'] ?? ''}>
          <Icon of={ChevronDown} />
        </Button>
      </div>
      {hint !== undefined && (
        <Text slot="description" className={field['hint'] ?? ''}>
          {hint}
        </Text>
      )}
      <Popover className={styles['popover'] ?? ''} offset={4}>
        <ListBox<{ id: string }> className={styles['list'] ?? ''}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.id} className={styles['option'] ?? ''}>
              {option.id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
