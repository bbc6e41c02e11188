// The middle of the window while no conversation is open: what to do.

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Mark } from '#ui/mark.tsx';

import styles from './nothing-open.module.css';

interface NothingOpenProps {
  workspace: string;
  /** There is no conversation at all yet. */
  empty: boolean;
  onNewMessage: () => void;
  onBrowse: () => void;
}

export function NothingOpen({ workspace, empty, onNewMessage, onBrowse }: NothingOpenProps) {
  return (
    <main className={styles['place']}>
      <Mark size={56} />
      <h1>{empty ? text.conversation.welcome(workspace) : text.conversation.none}</h1>
      <p>{empty ? text.conversation.welcomeLead : text.conversation.noneLead}</p>
      <div className={styles['actions']}>
        <Button weight="primary" onPress={onNewMessage}>
          {text.sidebar.newMessage}
        </Button>
        <Button onPress={onBrowse}>{text.sidebar.browseChannels}</Button>
      </div>
    </main>
  );
}
