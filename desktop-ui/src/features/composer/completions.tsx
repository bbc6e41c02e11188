// What could be meant, over the text that names it: an emoji, or somebody.

import { Users } from 'lucide-react';
import type { ReactNode } from 'react';

import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { classes } from '#ui/classes.ts';
import { codeFor, toned, type Emoji } from '#ui/emoji/emoji-data.ts';
import { useTone } from '#ui/emoji/habits.ts';
import { Icon } from '#ui/icon.tsx';

import styles from './completions.module.css';
import type { Choices } from './use-choices.ts';
import type { Completion } from './use-completion.ts';
import type { Mentionable, MentionCompletion } from './use-mention-completion.ts';

export function EmojiCompletions({ completion }: { completion: Completion }) {
  const tone = useTone();
  const query = completion.begun?.query ?? '';
  return (
    <Completions label={text.composer.completions} choices={completion} keyOf={(emoji) => emoji.char}>
      {(emoji: Emoji) => (
        <>
          <span className={styles['char']}>{toned(emoji, tone)}</span>
          <span>:{codeFor(emoji, query)}:</span>
        </>
      )}
    </Completions>
  );
}

export function MentionCompletions({ completion }: { completion: MentionCompletion }) {
  return (
    <Completions
      label={text.composer.mentionable}
      choices={completion}
      keyOf={(one) => (one.kind === 'person' ? one.person.id : one.kind)}
    >
      {(one: Mentionable) =>
        one.kind === 'person' ? (
          <>
            <Avatar id={one.person.id} letters={initials(one.person.name)} size="small" presence />
            <bdi>{one.person.name}</bdi>
            <span className={styles['hint']}>{one.person.title}</span>
          </>
        ) : (
          <>
            <span className={styles['many']}>
              <Icon of={Users} />
            </span>
            <span>@{text.mentions[one.kind]}</span>
            <span className={styles['hint']}>{text.composer.everybody[one.kind]}</span>
          </>
        )
      }
    </Completions>
  );
}

interface CompletionsProps<T> {
  label: string;
  choices: Choices<T>;
  keyOf: (one: T) => string;
  children: (one: T) => ReactNode;
}

function Completions<T>({ label, choices, keyOf, children }: CompletionsProps<T>) {
  const { id, found, active, setActive, choose } = choices;
  return (
    <div id={id} role="listbox" aria-label={label} className={styles['list']}>
      {found.map((one, index) => (
        // The keys are those of the text, which names the option that is meant.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={keyOf(one)}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          className={classes(styles['option'], index === active && styles['active'])}
          onPointerMove={() => setActive(index)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(index)}
        >
          {children(one)}
        </div>
      ))}
    </div>
  );
}

export function optionId(list: string, index: number): string {
  return `${list}${index}`;
}
