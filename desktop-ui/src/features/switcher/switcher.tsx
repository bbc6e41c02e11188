// Jumps to a conversation or a person by a few letters. The field keeps the focus; arrows choose, Enter opens.

import { Search } from 'lucide-react';
import { useId, useMemo, useState, type KeyboardEvent } from 'react';

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';
import { means } from '#ui/keys/press.ts';
import { Notice } from '#ui/notice.tsx';
import { Palette } from '#ui/palette.tsx';

import { candidatesOf, choicesOf, strangersOf, type Choice } from './choices.ts';
import { useElsewhere, useGo } from './queries.ts';
import { SwitcherFoot } from './switcher-foot.tsx';
import { SwitcherList, optionId } from './switcher-list.tsx';
import styles from './switcher.module.css';

/** Lines that Page Up and Page Down go. */
const PAGE = 8;

interface SwitcherProps {
  open: ConversationId | null;
  recent: readonly ConversationId[];
  onOpen: (conversation: ConversationId) => void;
  onClose: () => void;
}

const NO_ROWS: readonly ConversationRow[] = [];

export function Switcher({ open, recent, onOpen, onClose }: SwitcherProps) {
  const list = useId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const choices = useChoices(query, open, recent);
  const go = useGo(onOpen);
  // What comes from the server later must not change what Enter opens.
  const active = Math.max(0, choices.findIndex((choice) => choice.key === chosen));

  function type(typed: string) {
    setQuery(typed);
    setChosen(null);
    go.reset();
  }

  function choose(choice: Choice | undefined) {
    if (choice !== undefined && !go.isPending) {
      go.mutate(choice);
    }
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[event.key];
    if (step !== undefined) {
      setChosen(choices[stepped(active, step, choices.length)]?.key ?? null);
    } else if (event.key === 'Enter') {
      choose(choices[active]);
    } else if (means(event, 'switcher')) {
      onClose();
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <Palette label={text.switcher.title} onClose={onClose}>
      <div className={styles['field']}>
        <Icon of={Search} />
        <input
          type="text"
          role="combobox"
          className={styles['input']}
          aria-label={text.switcher.title}
          aria-expanded={choices.length > 0}
          aria-autocomplete="list"
          aria-controls={choices.length > 0 ? list : undefined}
          aria-activedescendant={choices.length > 0 ? optionId(list, active) : undefined}
          placeholder={text.switcher.placeholder}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
          // One opens it to type.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
      </div>
      <Hidden>
        <span role="status">{text.switcher.found(choices.length)}</span>
      </Hidden>
      {go.isError && (
        <div className={styles['problem']}>
          <Notice kind="danger">{errorSentence(go.error)}</Notice>
        </div>
      )}
      <SwitcherList
        id={list}
        choices={choices}
        active={choices[active]?.key ?? null}
        onActive={setChosen}
        onChoose={choose}
        empty={query.trim() === '' ? text.switcher.nothingYet : text.switcher.nothing(query.trim())}
      />
      <SwitcherFoot />
    </Palette>
  );
}

function useChoices(query: string, open: ConversationId | null, recent: readonly ConversationId[]): readonly Choice[] {
  const me = useMe().id;
  const rows = useConversations() ?? NO_ROWS;
  const people = usePeople();
  const elsewhere = useElsewhere(query);
  const known = useMemo(() => candidatesOf({ rows, people, me }), [rows, people, me]);
  const strangers = useMemo(() => strangersOf(elsewhere, { rows, people }), [elsewhere, rows, people]);
  return useMemo(
    () => choicesOf([...known, ...strangers], { query, open, recent }),
    [known, strangers, query, open, recent],
  );
}

/** A step of one goes around the ends; a larger one stops there. */
function stepped(from: number, step: number, length: number): number {
  const to = from + step;
  return Math.abs(step) === 1 ? (to + length) % length : Math.max(0, Math.min(to, length - 1));
}
