// All keys there are, by where they work, as the table has them.

import { Search } from 'lucide-react';
import { useState } from 'react';

import { text } from '#text/text.ts';
import { Dialog } from '#ui/dialog.tsx';
import { Field } from '#ui/field.tsx';
import { spelledWays, type Keys } from '#ui/keys/spelled.ts';
import { KEY_GROUPS, KEY_NAMES, KEYS, type KeyName } from '#ui/keys/table.ts';

import styles from './key-sheet.module.css';

interface Row {
  name: KeyName;
  says: string;
  ways: Keys[];
}

export function KeySheet({ enterSends, onClose }: { enterSends: boolean; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const rows = KEY_NAMES.map((name): Row => {
    return { name, says: text.keySheet.rows[name], ways: spelledWays(name, enterSends) };
  }).filter((row) => matches(row, query));
  return (
    <Dialog title={text.keySheet.title} onClose={onClose}>
      <div className={styles['search']}>
        <Field
          label={text.keySheet.search}
          labelHidden
          type="search"
          icon={Search}
          placeholder={text.keySheet.searchPlaceholder}
          value={query}
          onChange={setQuery}
          focusFirst
          input={{ autoComplete: 'off', spellCheck: 'false' }}
        />
      </div>
      {/* Longer than the window and without controls: it must be reachable to be scrolled by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles['list']} role="region" aria-label={text.keySheet.title} tabIndex={0}>
        <p role="status" className={styles['nothing']}>
          {rows.length === 0 && text.keySheet.nothing(query.trim())}
        </p>
        {KEY_GROUPS.map((group) => {
          const own = rows.filter((row) => KEYS[row.name].group === group);
          return own.length > 0 && <Group key={group} title={text.keySheet[group]} rows={own} />;
        })}
      </div>
    </Dialog>
  );
}

/** By words of what it does, or by the beginnings of keys that are pressed together. */
function matches({ says, ways }: Row, query: string): boolean {
  const words = query.toLocaleLowerCase().split(/\s+/u).filter((word) => word !== '');
  const said = says.toLocaleLowerCase();
  const isPressed = (keys: Keys) => words.every((word) => keys.some((key) => key.toLocaleLowerCase().startsWith(word)));
  return words.every((word) => said.includes(word)) || ways.some(isPressed);
}

function Group({ title, rows }: { title: string; rows: readonly Row[] }) {
  return (
    <section className={styles['group']}>
      <h3>{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.name} className={styles['row']}>
            <dt>{row.says}</dt>
            <dd>
              <Ways ways={row.ways} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Ways({ ways }: { ways: readonly Keys[] }) {
  return ways.map((keys, at) => (
    <span key={keys.join(' ')} className={styles['keys']}>
      {at > 0 && <span className={styles['or']}>{text.keySheet.alternative}</span>}
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  ));
}
