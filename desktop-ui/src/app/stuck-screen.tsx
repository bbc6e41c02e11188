// The host cannot even say who is signed in, such as with a full disk: what happened, and another try.

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Mark } from '#ui/mark.tsx';

import styles from './error-screen.module.css';

export function StuckScreen({ sentence, onTryAgain }: { sentence: string; onTryAgain: () => void }) {
  return (
    <main className={styles['screen']}>
      <Mark />
      <h1>{text.stuck.title}</h1>
      <p>{sentence}</p>
      <Button weight="primary" onPress={onTryAgain}>
        {text.stuck.tryAgain}
      </Button>
    </main>
  );
}
