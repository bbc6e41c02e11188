// A button that opens a list of things to do.

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';

import { Icon } from './icon.tsx';
import styles from './menu.module.css';

interface MenuProps {
  label: string;
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
}

export function Menu({ label, trigger, children }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles['popover'] ?? ''} placement="bottom start" offset={4}>
        <AriaMenu aria-label={label} className={styles['menu'] ?? ''}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

interface MenuItemProps {
  icon: LucideIcon;
  onAction: () => void;
  children: string;
}

export function MenuItem({ icon, onAction, children }: MenuItemProps) {
  return (
    <AriaMenuItem className={styles['item'] ?? ''} onAction={onAction} textValue={children}>
      <Icon of={icon} />
      {children}
    </AriaMenuItem>
  );
}

export function MenuSeparator() {
  return <Separator className={styles['separator'] ?? ''} />;
}
