// What takes the place of a conversation: a name, the way back to the list in a narrow window, and one column.

import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';

import { text } from '#text/text.ts';
import { IconButton } from '#ui/button.tsx';

import styles from './found.module.css';

interface FoundPageProps {
  title: string;
  onBack: () => void;
  children: ReactNode;
}

export function FoundPage({ title, onBack, children }: FoundPageProps) {
  return (
    <main className={styles['page']} aria-label={title} data-region="found">
      <header className={styles['bar']}>
        <IconButton icon={ArrowLeft} label={text.conversation.back} className={styles['back']} onPress={onBack} />
        <h1>{title}</h1>
      </header>
      <div className={styles['column']}>{children}</div>
    </main>
  );
}
