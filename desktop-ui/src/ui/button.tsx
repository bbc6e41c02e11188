// Buttons by their weight in a screen: one `primary` at most, `plain` beside it, `quiet` in bars, `link` in sentences.

import type { LucideIcon } from 'lucide-react';
import type { Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

import styles from './button.module.css';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

export type Weight = 'primary' | 'plain' | 'quiet' | 'danger' | 'link';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'isPending'> {
  weight?: Weight;
  size?: 'normal' | 'large' | 'compact';
  wide?: boolean;
  /** What it started goes on: it keeps the focus and does nothing more. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
  className?: string | undefined;
}

export function Button({ weight = 'plain', size = 'normal', wide = false, busy = false, className, ...rest }: ButtonProps) {
  const { onPress, ...others } = rest;
  return (
    <AriaButton
      {...others}
      {...(onPress === undefined || busy ? {} : { onPress })}
      className={classes(
        styles['button'],
        styles[weight],
        styles[size],
        wide && styles['wide'],
        busy && styles['busy'],
        className,
      )}
    />
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  icon: LucideIcon;
  /** What it does, for those who cannot see the icon and as its tooltip. */
  label: string;
  hint?: string;
  compact?: boolean;
  ref?: Ref<HTMLButtonElement>;
  className?: string | undefined;
}

export function IconButton({ icon, label, hint, compact = false, className, ...rest }: IconButtonProps) {
  const size = compact ? styles['compact'] : undefined;
  return (
    <span title={hint ?? label} className={className}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={classes(styles['button'], styles['quiet'], styles['icon'], size)}
      >
        <Icon of={icon} />
      </AriaButton>
    </span>
  );
}
