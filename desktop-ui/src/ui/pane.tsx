// What opens beside a conversation, or over it where there is no room: a name, a way to close it, and what it shows.

import { X } from 'lucide-react';
import type { ReactNode } from 'react';

import { IconButton } from './button.tsx';
import styles from './pane.module.css';

interface PaneProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
}

export function Pane({ title, closeLabel, onClose, children }: PaneProps) {
  return (
    <aside className={styles['pane']} aria-label={title}>
      <div className={styles['head']}>
        <h2>{title}</h2>
        <IconButton icon={X} label={closeLabel} onPress={onClose} />
      </div>
      <div className={styles['content']}>{children}</div>
    </aside>
  );
}
