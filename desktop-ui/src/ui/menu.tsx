// A button that opens a list of things to do.

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';

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

export function MenuSeparator() {
  return <Separator className={styles['separator'] ?? ''} />;
}
