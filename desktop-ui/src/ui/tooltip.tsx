// A few words about a control, on hover and on keyboard focus.

import type { ReactElement } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';

import styles from './tooltip.module.css';

const DELAY_MS = 350;

interface TooltipProps {
  /** A control of React Aria. */
  children: ReactElement;
  words: string;
}

export function Tooltip({ children, words }: TooltipProps) {
  return (
    <TooltipTrigger delay={DELAY_MS} closeDelay={0}>
      {children}
      <AriaTooltip className={styles['tooltip'] ?? ''} offset={6}>
        {words}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
