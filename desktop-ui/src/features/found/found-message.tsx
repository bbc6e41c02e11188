// A message outside of its conversation: who wrote it where and when, and what it says. A press goes to its place.

import type { ReactNode } from 'react';

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { useNavigation } from '#bridge/navigation.tsx';
import { initials, personName, spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { fullText, momentText } from '#text/time.ts';
import { Avatar } from '#ui/avatar.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './found.module.css';

const MINUTE_MS = 60_000;

interface FoundMessageProps {
  message: MessageView;
  /** It is not read yet. */
  unread?: boolean;
  children: ReactNode;
}

export function FoundMessage({ message, unread = false, children }: FoundMessageProps) {
  const { openMessage } = useNavigation();
  const me = useMe();
  const people = usePeople();
  const now = useNow(MINUTE_MS);
  const row = useConversations()?.find((candidate) => candidate.id === message.conversation);
  const author = personName(people, message.author);
  return (
    <li>
      <button
        type="button"
        data-found
        data-unread={unread}
        className={styles['message']}
        onClick={() => openMessage(message.conversation, message.seq)}
      >
        <Avatar id={message.author} letters={initials(author)} size="middle" />
        <span className={styles['words']}>
          <span className={styles['head']}>
            <bdi className={styles['author']}>{author}</bdi>
            {row !== undefined && <bdi className={styles['place']}>{spokenName(row, people, me.id)}</bdi>}
            <time title={fullText(message.at, { now })} dateTime={new Date(message.at).toISOString()}>
              {momentText(message.at, { now })}
            </time>
          </span>
          <span dir="auto" className={styles['snippet']}>
            {message.deleted_by === null ? children : text.timeline.deleted}
          </span>
        </span>
      </button>
    </li>
  );
}
