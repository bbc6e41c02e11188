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
  /** Values that are their own names, or values with a name. */
  options: readonly (string | { value: string; label: string })[];
  /** What no value means. */
  placeholder?: string;
  className?: string | undefined;
}

export function Choice({ label, hint, value, onChange, options, placeholder, className }: ChoiceProps) {
  const items = options.map((option) =>
    typeof option === 'string' ? { id: option, name: option } : { id: option.value, name: option.label },
  );
  return (
    <ComboBox
      className={classes(field['field'], className)}
      defaultItems={items}
      {...(value === '' ? {} : { defaultValue: value })}
      onChange={(key) => onChange(key === null ? '' : String(key))}
      menuTrigger="focus"
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      <div className={classes(field['box'], styles['box'])}>
        <Input className={field['input'] ?? ''} {...(placeholder === undefined ? {} : { placeholder })} />
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
        <ListBox<(typeof items)[number]> className={styles['list'] ?? ''}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className={styles['option'] ?? ''}>
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
