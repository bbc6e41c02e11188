// Why a link to a message led nowhere.

import { X } from 'lucide-react';

import { text } from '#text/text.ts';
import { IconButton } from '#ui/button.tsx';

import styles from './jump-problem.module.css';

export function JumpProblem({ sentence, onDismiss }: { sentence: string; onDismiss: () => void }) {
  return (
    <div role="alert" className={styles['problem']}>
      <p>{sentence}</p>
      <IconButton icon={X} label={text.jump.dismiss} compact onPress={onDismiss} />
    </div>
  );
}
