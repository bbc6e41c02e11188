// What was asked for, once it is here; until then its outline, or why it cannot be shown and another try.

import type { ReactNode } from 'react';

import { text } from '#text/text.ts';

import { Button } from './button.tsx';
import styles from './loaded.module.css';
import { Skeleton } from './skeleton.tsx';

interface LoadedProps<T> {
  data: T | undefined;
  /** Why it cannot be shown. */
  problem: string | undefined;
  onTryAgain: () => void;
  children: (data: T) => ReactNode;
}

export function Loaded<T>({ data, problem, onTryAgain, children }: LoadedProps<T>) {
  if (data !== undefined) {
    return children(data);
  }
  if (problem === undefined) {
    return <Skeleton />;
  }
  return (
    <div role="alert" className={styles['problem']}>
      <p>{problem}</p>
      <Button onPress={onTryAgain}>{text.dialog.tryAgain}</Button>
    </div>
  );
}
