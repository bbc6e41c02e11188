// The field one writes in. Its hint lies behind it, because a placeholder would decide in which direction one writes.

import type { KeyboardEvent, RefObject } from 'react';

import styles from './composer.module.css';
import type { Completions } from './use-completions.tsx';

interface ComposerAreaProps {
  area: RefObject<HTMLTextAreaElement | null>;
  label: string;
  draft: string;
  /** It is too long. */
  over: boolean;
  hidden: boolean;
  completions: Completions;
  onType: (typed: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export function ComposerArea({ area, label, draft, over, hidden, completions, onType, onKeyDown }: ComposerAreaProps) {
  return (
    <div className={styles['field']} hidden={hidden}>
      {draft === '' && (
        <span aria-hidden className={styles['hint']}>
          {label}
        </span>
      )}
      <textarea
        ref={area}
        className={styles['area']}
        rows={1}
        // An empty field is where the hint is.
        dir={draft === '' ? undefined : 'auto'}
        spellCheck
        aria-label={label}
        aria-invalid={over}
        aria-autocomplete="list"
        aria-controls={completions.listId}
        aria-activedescendant={completions.activeId}
        value={draft}
        onChange={(event) => {
          onType(event.target.value);
          completions.typed(event.target);
        }}
        onSelect={(event) => completions.moved(event.currentTarget)}
        onBlur={completions.close}
        onKeyDown={onKeyDown}
        // Opening a conversation is for writing in it.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
      />
    </div>
  );
}
