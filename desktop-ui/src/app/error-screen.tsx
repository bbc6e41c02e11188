// The last resort: a fault of the window itself. The session and every message live outside of it.

import { Component, type ReactNode } from 'react';

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Mark } from '#ui/mark.tsx';

import styles from './error-screen.module.css';

export class ErrorScreen extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    if (this.state.error === null) {
      return this.props.children;
    }
    return (
      <main className={styles['screen']}>
        <Mark />
        <h1>{text.broken.title}</h1>
        <p>{text.broken.lead}</p>
        <Button weight="primary" onPress={() => window.location.reload()}>
          {text.broken.reload}
        </Button>
        <details className={styles['details']}>
          <summary>{text.broken.details}</summary>
          <pre>{this.state.error.message}</pre>
        </details>
      </main>
    );
  }
}
