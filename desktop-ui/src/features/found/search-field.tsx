// The field of the search, with the filters that could be meant while one of them is typed.

import { Search } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react';

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';

import { begunAt, suggestionsFor, type Begun, type Suggestion } from './filters.ts';
import styles from './search-field.module.css';

interface SearchFieldProps {
  ref: Ref<HTMLInputElement>;
  query: string;
  onQuery: (query: string) => void;
  /** Down or Enter, with nothing to choose in the field. */
  onResults: () => void;
}

const NO_ROWS: readonly ConversationRow[] = [];

export function SearchField({ ref, query, onQuery, onResults }: SearchFieldProps) {
  const list = useId();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [active, setActive] = useState(0);
  const me = useMe().id;
  const people = usePeople();
  const rows = useConversations() ?? NO_ROWS;
  const found = begun === null ? [] : suggestionsFor(begun, { rows, people, me });
  const isOpen = found.length > 0;
  const placing = useRef<{ input: HTMLInputElement; caret: number } | null>(null);

  // With the new text, not a frame later: a key in between would land before it.
  useLayoutEffect(() => {
    const { input, caret } = placing.current ?? {};
    input?.setSelectionRange(caret ?? null, caret ?? null);
    placing.current = null;
  }, [query]);

  function type(input: HTMLInputElement) {
    onQuery(input.value);
    setBegun(begunAt(input.value, input.selectionStart ?? 0));
    setActive(0);
  }

  function choose(input: HTMLInputElement, { inserted }: Suggestion) {
    if (begun === null) {
      return;
    }
    const next = query.slice(0, begun.from) + inserted + query.slice(begun.to);
    const caret = begun.from + inserted.length;
    onQuery(next);
    // A filter that was chosen asks for its value at once.
    setBegun(begunAt(next, caret));
    setActive(0);
    placing.current = { input, caret };
  }

  function press(event: KeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = found[active];
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (isOpen && step !== undefined) {
      setActive((active + step + found.length) % found.length);
    } else if (isOpen && chosen !== undefined && (event.key === 'Enter' || event.key === 'Tab')) {
      choose(event.currentTarget, chosen);
    } else if (isOpen && event.key === 'Escape') {
      setBegun(null);
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      onResults();
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <div className={styles['place']}>
      <div className={styles['field']}>
        <Icon of={Search} />
        <input
          ref={ref}
          type="text"
          role="combobox"
          className={styles['input']}
          aria-label={text.search.field}
          aria-expanded={isOpen}
          aria-autocomplete="list"
          aria-controls={isOpen ? list : undefined}
          aria-activedescendant={isOpen ? `${list}${active}` : undefined}
          placeholder={text.search.placeholder}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => type(event.target)}
          onKeyDown={press}
          onBlur={() => setBegun(null)}
          // One comes here to type.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
      </div>
      {isOpen && (
        <div id={list} role="listbox" aria-label={text.search.suggestions} className={styles['list']}>
          {found.map((suggestion, index) => (
            // The keys are those of the field, which names the option that is meant.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={suggestion.inserted}
              id={`${list}${index}`}
              role="option"
              aria-selected={index === active}
              className={classes(styles['option'], index === active && styles['active'])}
              onPointerMove={() => setActive(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={(event) => {
                const input = event.currentTarget.closest(`.${styles['place'] ?? ''}`)?.querySelector('input');
                if (input) {
                  choose(input, suggestion);
                }
              }}
            >
              <span className={styles['says']}>{suggestion.says}</span>
              <span className={styles['hint']}>{suggestion.hint}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
