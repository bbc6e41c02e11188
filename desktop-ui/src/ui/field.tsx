// One line of text with its name, a hint and what is wrong with it.

import type { LucideIcon } from 'lucide-react';
import { FieldError, Input, Label, Text, TextField, type InputProps } from 'react-aria-components';

import { classes } from './classes.ts';
import styles from './field.module.css';
import { Icon } from './icon.tsx';

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'url' | 'search' | 'password';
  placeholder?: string;
  hint?: string | undefined;
  error?: string | undefined;
  icon?: LucideIcon;
  large?: boolean;
  focusFirst?: boolean;
  maxLength?: number;
  readOnly?: boolean;
  labelHidden?: boolean;
  input?: Pick<InputProps, 'autoComplete' | 'inputMode' | 'spellCheck' | 'autoCapitalize' | 'autoCorrect'>;
}

export function Field(props: FieldProps) {
  const { label, value, onChange, type = 'text', placeholder, hint, error, icon, large = false } = props;
  return (
    <TextField
      className={styles['field'] ?? ''}
      value={value}
      onChange={onChange}
      type={type}
      isInvalid={error !== undefined}
      isReadOnly={props.readOnly === true}
      validationBehavior="aria"
      // Only where a page or dialog consists of this question.
      // eslint-disable-next-line jsx-a11y/no-autofocus
      autoFocus={props.focusFirst === true}
      {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
      {...(props.labelHidden === true ? { 'aria-label': label } : {})}
    >
      {props.labelHidden !== true && <Label className={styles['label'] ?? ''}>{label}</Label>}
      <div className={classes(styles['box'], large && styles['large'], error !== undefined && styles['invalid'])}>
        {icon !== undefined && <Icon of={icon} />}
        <Input
          className={styles['input'] ?? ''}
          // What is typed has its own direction, and the placeholder that of the window.
          dir={value === '' ? undefined : 'auto'}
          {...(placeholder === undefined ? {} : { placeholder })}
          {...props.input}
        />
      </div>
      {hint !== undefined && error === undefined && (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </TextField>
  );
}
