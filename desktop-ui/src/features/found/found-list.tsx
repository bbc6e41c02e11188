// A list of messages that one walks with arrows; above its first line is the field they were looked for in.

import { useRef, type KeyboardEvent, type ReactNode } from 'react';

import styles from './found.module.css';

interface FoundListProps {
  label: string;
  /** Up from the first line. */
  onLeave?: () => void;
  children: ReactNode;
}

export function FoundList({ label, onLeave, children }: FoundListProps) {
  const list = useRef<HTMLUListElement>(null);

  function walk(event: KeyboardEvent) {
    const lines = [...(list.current?.querySelectorAll<HTMLElement>('[data-found]') ?? [])];
    const at = lines.indexOf(document.activeElement as HTMLElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (at < 0 || target === undefined || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    if (target < 0) {
      onLeave?.();
    } else {
      lines[Math.min(target, lines.length - 1)]?.focus();
    }
  }

  return (
    // The lines are the controls; this only moves the focus between them.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul ref={list} aria-label={label} className={styles['list']} onKeyDown={walk}>
      {children}
    </ul>
  );
}
