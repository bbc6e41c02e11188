// One message that is stored: with its author when it begins a group, with its time on hover when it does not.

import { Pin } from 'lucide-react';
import { memo, useRef, useState, type MouseEvent } from 'react';

import type { MessageView } from '#bridge/generated/MessageView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import type { People } from '#bridge/live-cache.ts';
import type { Editing } from '#bridge/writing.ts';
import { personName } from '#text/names.ts';
import { text, useLanguage } from '#text/text.ts';
import type { Clock } from '#text/time.ts';
import { classes } from '#ui/classes.ts';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';

import { useMessageActions } from './actions.ts';
import { Body } from './body.tsx';
import { EditedMark } from './edited-mark.tsx';
import { Head, Margin } from './message-head.tsx';
import styles from './message.module.css';
import { MessageEditor } from './message-editor.tsx';
import { MessageToolbar } from './message-toolbar.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { SeenBy } from './seen-by.tsx';
import { useFocusWithin } from './use-focus-within.ts';

interface MessageProps {
  id: string;
  message: MessageView;
  first: boolean;
  people: People;
  me: UserId;
  clock: Clock;
  /** Whether arrows are at it; its controls are in the order of tabs only then. */
  walked: boolean;
  /** It was jumped to just now. */
  pointedAt: boolean;
  /** Set while it is edited. */
  editing: Editing | null;
  /** Undefined in channels, which have no receipts. */
  seenBy: readonly UserId[] | undefined;
}

export const Message = memo(function Message(props: MessageProps) {
  const { id, message, first, people, me, clock, walked, pointedAt, editing, seenBy } = props;
  useLanguage();
  const { openMenu } = useMessageActions();
  const [hovered, setHovered] = useState(false);
  const article = useRef<HTMLElement>(null);
  const [focused, setFocused] = useFocusWithin(article);
  const author = personName(people, message.author);
  const deleted = message.deleted_by !== null;

  function menu(event: MouseEvent) {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    // From the keyboard there is no place of the pointer.
    const byKey = event.clientX === 0 && event.clientY === 0;
    openMenu(message, byKey ? { x: box.left + box.width / 4, y: box.top } : { x: event.clientX, y: event.clientY });
  }

  return (
    // It is walked by arrows, and its keys are those of the list.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      ref={article}
      data-testid="message"
      data-state="stored"
      data-seq={message.seq}
      data-key={id}
      data-walked={walked}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={walked ? 0 : -1}
      className={classes(
        styles['message'],
        first && styles['first'],
        seenBy !== undefined && styles['withReceipts'],
        editing !== null && styles['edited'],
        message.mentions_me && styles['mentionsMe'],
        pointedAt && styles['pointedAt'],
      )}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      // A press of the pointer leaves the toolbar to where the pointer is.
      onFocus={(event) => setFocused(event.target.matches(':focus-visible'))}
      onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      onContextMenu={menu}
    >
      {message.reply !== null && <Quote reply={message.reply} people={people} reachable={walked} />}
      <Margin id={message.author} author={author} at={message.at} first={first} clock={clock} />
      {message.pinned && (
        <span className={styles['pin']} title={text.timeline.pinned}>
          <Icon of={Pin} />
          <Hidden>{text.timeline.pinned}</Hidden>
        </span>
      )}
      <div className={styles['content']}>
        <Head id={message.author} author={author} at={message.at} first={first} clock={clock} reachable={walked} />
        {editing !== null ? (
          <MessageEditor message={message} initial={editing.body} focus={editing.from !== 'refusal'} />
        ) : deleted ? (
          <p className={styles['gone']}>{goneText(message, people)}</p>
        ) : (
          <Body body={message.body}>
            {message.edited_at !== null && <EditedMark message={message} reachable={walked} clock={clock} />}
          </Body>
        )}
        {message.reactions.length > 0 && <Reactions message={message} people={people} me={me} reachable={walked} />}
      </div>
      {seenBy !== undefined && <SeenBy seenBy={seenBy} people={people} reachable={walked} />}
      {(hovered || focused) && editing === null && <MessageToolbar message={message} />}
    </article>
  );
});

function goneText(message: MessageView, people: People): string {
  return message.deleted_by === null || message.deleted_by === message.author
    ? text.timeline.deleted
    : text.timeline.deletedBy(personName(people, message.deleted_by));
}
