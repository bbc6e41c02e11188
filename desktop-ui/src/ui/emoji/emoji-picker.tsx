// Finds an emoji by its name, by its kind or among those used before. Arrows walk the grid while one types.

import { Search } from 'lucide-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { VList, type VListHandle } from 'virtua';

import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';

import { searchEmoji, toned, useEmoji, type Emoji, type Tone } from './emoji-data.ts';
import styles from './emoji-picker.module.css';
import { COLUMNS, gridOf, step, type GridRow } from './grid.ts';
import { noteUse, useRecent, useTone } from './habits.ts';
import { TonePicker } from './tone-picker.tsx';

const MOST_FOUND = 90;

export function EmojiPicker({ onChoose }: { onChoose: (emoji: string) => void }) {
  const all = useEmoji();
  const tone = useTone();
  const recent = useRecent();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<VListHandle>(null);
  const id = useId();
  const rows = useMemo(() => {
    if (query.trim() !== '') {
      return gridOf([{ title: text.emoji.found, emoji: searchEmoji(all ?? [], query, MOST_FOUND) }]);
    }
    return gridOf([{ title: text.emoji.recent, emoji: knownOf(all, recent) }, ...groupsOf(all)]);
  }, [all, query, recent]);
  const flat = useMemo(() => rows.flatMap((row) => (row.kind === 'emoji' ? row.emoji : [])), [rows]);
  const chosen = flat[Math.min(active, flat.length - 1)];

  const activeId = chosen === undefined ? undefined : `${id}${Math.min(active, flat.length - 1)}`;

  function choose(emoji: Emoji) {
    const char = toned(emoji, tone);
    noteUse(char);
    onChoose(char);
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (chosen !== undefined) {
        choose(chosen);
      }
      return;
    }
    const next = step(rows, active, event.key);
    if (next !== null) {
      event.preventDefault();
      setActive(next);
      list.current?.scrollToIndex(rows.findIndex((row) => row.kind === 'emoji' && next < row.start + row.emoji.length), {
        align: 'nearest',
      });
    }
  }

  return (
    <div className={styles['picker']}>
      <div className={styles['search']}>
        <Icon of={Search} />
        <input
          type="text"
          role="combobox"
          aria-label={text.emoji.search}
          placeholder={text.emoji.search}
          aria-expanded
          aria-haspopup="grid"
          aria-controls={`${id}grid`}
          aria-activedescendant={activeId}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
            list.current?.scrollTo(0);
          }}
          onKeyDown={press}
          // The picker is for typing a name at once.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
      </div>
      <div className={styles['grid']}>
        <VList
          ref={list}
          data={rows}
          id={`${id}grid`}
          role="grid"
          aria-label={text.emoji.label}
          aria-colcount={COLUMNS}
          aria-activedescendant={activeId}
          // It scrolls, so it must be reachable to be scrolled by keyboard.
          tabIndex={0}
          onKeyDown={press}
          className={styles['rows'] ?? ''}
        >
          {(row) => (
            <Line key={row.key} row={row} id={id} active={chosen === undefined ? -1 : active} tone={tone} onActive={setActive} onChoose={choose} />
          )}
        </VList>
        {all !== undefined && flat.length === 0 && <p className={styles['nothing']}>{text.emoji.nothing(query.trim())}</p>}
      </div>
      <div className={styles['foot']}>
        <span className={styles['sample']} aria-hidden>
          {chosen === undefined ? '' : toned(chosen, tone)}
        </span>
        <span className={styles['name']}>
          {chosen?.label}
          {chosen?.codes[0] !== undefined && <span className={styles['code']}>:{chosen.codes[0]}:</span>}
        </span>
        <TonePicker />
      </div>
    </div>
  );
}

interface LineProps {
  row: GridRow;
  id: string;
  active: number;
  tone: Tone;
  onActive: (index: number) => void;
  onChoose: (emoji: Emoji) => void;
}

function Line({ row, id, active, tone, onActive, onChoose }: LineProps) {
  if (row.kind === 'title') {
    return (
      <div role="row">
        <div role="columnheader" className={styles['title']} aria-colspan={COLUMNS}>
          {row.title}
        </div>
      </div>
    );
  }
  return (
    <div role="row" className={styles['row']}>
      {row.emoji.map((emoji, column) => {
        const index = row.start + column;
        return (
          // The keys are those of the search field, which names the cell that is meant.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={emoji.char}
            id={`${id}${index}`}
            role="gridcell"
            aria-label={emoji.label}
            aria-selected={index === active}
            className={classes(styles['cell'], index === active && styles['active'])}
            onPointerMove={() => index !== active && onActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(emoji)}
          >
            {toned(emoji, tone)}
          </div>
        );
      })}
    </div>
  );
}

function knownOf(all: readonly Emoji[] | undefined, recent: readonly string[]): Emoji[] {
  const byChar = new Map((all ?? []).flatMap((emoji) => [emoji.char, ...emoji.tones].map((char) => [char, emoji] as const)));
  return [...new Set(recent.flatMap((char) => byChar.get(char) ?? []))].slice(0, 2 * COLUMNS);
}

function groupsOf(all: readonly Emoji[] | undefined): { title: string; emoji: Emoji[] }[] {
  return Object.entries(text.emoji.groups).map(([group, title]) => ({
    title,
    emoji: (all ?? []).filter((emoji) => emoji.group === Number(group)),
  }));
}
