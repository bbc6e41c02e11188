// A button that opens a list of things to do.

import { Check, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Header,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components';

import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import styles from './menu.module.css';

interface MenuProps {
  label: string;
  /** The button that opens it. */
  trigger: ReactNode;
  /** For a menu that something else than its button can open as well. */
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

export function Menu({ label, trigger, children, ...opening }: MenuProps) {
  return (
    <MenuTrigger {...opening}>
      {trigger}
      <Popover className={styles['popover'] ?? ''} placement="bottom start" offset={4}>
        {/* Opened by something else than its button, it would not know that a key did it. */}
        <AriaMenu
          aria-label={label}
          className={styles['menu'] ?? ''}
          {...(opening.isOpen === undefined ? {} : { autoFocus: 'first' })}
        >
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

interface MenuItemProps {
  icon: LucideIcon;
  onAction: () => void;
  /** It takes something away. */
  danger?: boolean;
  children: string;
}

export function MenuItem({ icon, onAction, danger = false, children }: MenuItemProps) {
  return (
    <AriaMenuItem className={classes(styles['item'], danger && styles['danger'])} onAction={onAction} textValue={children}>
      <Icon of={icon} />
      {children}
    </AriaMenuItem>
  );
}

interface MenuChoiceProps<T extends string> {
  title: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of a few values, in a menu. */
export function MenuChoice<T extends string>({ title, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys !== 'all' && keys.has(option.value));
        if (chosen !== undefined) {
          onChange(chosen.value);
        }
      }}
    >
      <Header className={styles['header'] ?? ''}>{title}</Header>
      {options.map((option) => (
        <AriaMenuItem key={option.value} id={option.value} className={styles['item'] ?? ''} textValue={option.label}>
          {({ isSelected }) => (
            <>
              <span className={styles['check']}>{isSelected && <Icon of={Check} />}</span>
              {option.label}
            </>
          )}
        </AriaMenuItem>
      ))}
    </MenuSection>
  );
}

export function MenuSeparator() {
  return <Separator className={styles['separator'] ?? ''} />;
}
