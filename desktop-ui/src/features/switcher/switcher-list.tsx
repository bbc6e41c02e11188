// What the switcher found, the likeliest first.

import { Archive, AtSign, Hash, Lock, Users } from 'lucide-react';
import { memo, useEffect, useRef, type ReactNode } from 'react';

import { useMe } from '#bridge/context.tsx';
import type { UserId } from '#bridge/generated/UserId.ts';
import { initials } from '#text/names.ts';
import { text, useLanguage } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { classes } from '#ui/classes.ts';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';
import type { Mark } from '#ui/fuzzy.ts';

import type { Choice } from './choices.ts';
import styles from './switcher.module.css';

interface SwitcherListProps {
  id: string;
  choices: readonly Choice[];
  /** The key of the one that Enter opens. */
  active: string | null;
  onActive: (key: string) => void;
  onChoose: (choice: Choice) => void;
  empty: string;
}

export function optionId(list: string, index: number): string {
  return `${list}${index}`;
}

export function SwitcherList({ id, choices, active, onActive, onChoose, empty }: SwitcherListProps) {
  const me = useMe().id;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, choices]);
  if (choices.length === 0) {
    return <p className={styles['empty']}>{empty}</p>;
  }
  return (
    <div ref={list} id={id} role="listbox" aria-label={text.switcher.results} className={styles['list']}>
      {choices.map((choice, index) => (
        // The keys are those of the field, which names the option that is meant.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={choice.key}
          id={optionId(id, index)}
          role="option"
          aria-selected={choice.key === active}
          className={classes(styles['option'], choice.key === active && styles['active'])}
          onPointerMove={() => choice.key !== active && onActive(choice.key)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(choice)}
        >
          <Content choice={choice} me={me} />
        </div>
      ))}
    </div>
  );
}

const Content = memo(function Content({ choice, me }: { choice: Choice; me: UserId }) {
  useLanguage();
  return (
    <>
      <Sign choice={choice} me={me} />
      <bdi className={styles['name']}>{marked(choice.name, choice.marks)}</bdi>
      <span className={styles['detail']}>{detailOf(choice)}</span>
      <State choice={choice} />
    </>
  );
});

function Sign({ choice, me }: { choice: Choice; me: UserId }) {
  const person = partnerOf(choice, me);
  if (person !== null) {
    return <Avatar id={person} letters={initials(choice.name)} size="small" presence />;
  }
  const { visibility, archived } = choice.kind === 'conversation' ? choice.row : { visibility: 'public', archived: false };
  const isGroup = choice.kind === 'conversation' && choice.row.kind === 'group';
  return (
    <span className={styles['sign']}>
      <Icon of={isGroup ? Users : archived ? Archive : visibility === 'private' ? Lock : Hash} />
    </span>
  );
}

function partnerOf(choice: Choice, me: UserId): UserId | null {
  if (choice.kind === 'person') {
    return choice.person.id;
  }
  const isDirect = choice.kind === 'conversation' && choice.row.kind === 'direct';
  return isDirect ? (choice.row.members.find((member) => member !== me) ?? me) : null;
}

function detailOf(choice: Choice): string {
  switch (choice.kind) {
    case 'conversation':
      return choice.row.archived ? text.switcher.archived : choice.row.topic;
    case 'person':
      return choice.person.title === '' ? choice.person.email : choice.person.title;
    case 'channel':
      return text.conversation.members(choice.channel.member_count);
  }
}

/** What waits there, or what Enter does besides opening. */
function State({ choice }: { choice: Choice }) {
  if (choice.kind !== 'conversation') {
    return <span className={styles['act']}>{choice.kind === 'channel' ? text.switcher.join : text.switcher.write}</span>;
  }
  const { unread, mentions } = choice.row;
  if (unread === 0) {
    return null;
  }
  return (
    <>
      {mentions > 0 && (
        <span className={styles['mention']}>
          <Icon of={AtSign} />
          <Hidden>{text.switcher.mentioned(mentions)}, </Hidden>
        </span>
      )}
      <span className={styles['count']} aria-hidden>
        {unread > 99 ? '99+' : unread}
      </span>
      <Hidden>{text.sidebar.unreadCount(unread)}</Hidden>
    </>
  );
}

function marked(name: string, marks: readonly Mark[]): ReactNode[] {
  const pieces: ReactNode[] = [];
  let end = 0;
  for (const [from, to] of marks) {
    pieces.push(name.slice(end, from), <mark key={from}>{name.slice(from, to)}</mark>);
    end = to;
  }
  return [...pieces, name.slice(end)];
}
