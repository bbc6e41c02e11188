// Icons of one set, in two sizes and one stroke. Always beside a name, so hidden from screen readers.

import {
  ArrowLeft,
  ChevronRight,
  CornerDownRight,
  CornerUpLeft,
  CornerUpRight,
  LogOut,
  SendHorizontal,
  type LucideIcon,
} from 'lucide-react';

import { classes } from './classes.ts';
import styles from './icon.module.css';

interface IconProps {
  of: LucideIcon;
  large?: boolean;
  className?: string | undefined;
}

/** What points along the line points the other way where lines run from right to left. */
const POINTING = new Set<LucideIcon>([ArrowLeft, ChevronRight, CornerDownRight, CornerUpLeft, CornerUpRight, LogOut, SendHorizontal]);

export function Icon({ of: Drawing, large = false, className }: IconProps) {
  return (
    <Drawing
      aria-hidden
      className={classes(className, POINTING.has(Drawing) && styles['pointing'])}
      strokeWidth={1.75}
      style={{ inlineSize: large ? 'var(--icon-large)' : 'var(--icon)', blockSize: 'auto', flex: 'none' }}
    />
  );
}
