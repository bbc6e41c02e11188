// All keys there are, by where they work. What is not listed here does not exist.

import { text } from '#text/text.ts';
import { Dialog } from '#ui/dialog.tsx';

import styles from './key-sheet.module.css';

type Keys = readonly string[];

/** Several ways to the same thing, each a few keys pressed together. */
interface Row {
  says: string;
  ways: readonly Keys[];
  /** The ways are the two ends of a row of keys. */
  range?: boolean;
}

function groups(enterSends: boolean): { title: string; rows: Row[] }[] {
  const { rows } = text.keySheet;
  return [
    {
      title: text.keySheet.everywhere,
      rows: [
        { says: rows.newMessage, ways: [['Ctrl', 'N']] },
        { says: rows.settings, ways: [['Ctrl', ',']] },
        { says: rows.keys, ways: [['Ctrl', '/']] },
        { says: rows.regions, ways: [['F6'], ['Shift', 'F6']] },
        { says: rows.textSize, ways: [['Ctrl', '+'], ['Ctrl', '−']] },
        { says: rows.close, ways: [['Esc']] },
      ],
    },
    {
      title: text.keySheet.conversations,
      rows: [
        { says: rows.previous, ways: [['Alt', '↑']] },
        { says: rows.next, ways: [['Alt', '↓']] },
        { says: rows.previousUnread, ways: [['Alt', 'Shift', '↑']] },
        { says: rows.nextUnread, ways: [['Alt', 'Shift', '↓']] },
        { says: rows.nth, ways: [['Ctrl', '1'], ['9']], range: true },
        { says: rows.rowMenu, ways: [['Shift', 'F10']] },
      ],
    },
    {
      title: text.keySheet.writing,
      rows: [
        { says: rows.send, ways: [enterSends ? ['Enter'] : ['Ctrl', 'Enter']] },
        { says: rows.newLine, ways: [enterSends ? ['Shift', 'Enter'] : ['Enter']] },
        { says: rows.preview, ways: [['Ctrl', 'Shift', 'P']] },
        { says: rows.editLast, ways: [['↑']] },
      ],
    },
    {
      title: text.keySheet.messages,
      rows: [
        { says: rows.walk, ways: [['↑'], ['↓']] },
        { says: rows.messageMenu, ways: [['Shift', 'F10']] },
        { says: rows.react, ways: [['+']] },
        { says: rows.reply, ways: [['R']] },
        { says: rows.edit, ways: [['E']] },
        { says: rows.pin, ways: [['P']] },
        { says: rows.copy, ways: [['Ctrl', 'C']] },
        { says: rows.markUnread, ways: [['U']] },
        { says: rows.remove, ways: [['Del']] },
      ],
    },
  ];
}

export function KeySheet({ enterSends, onClose }: { enterSends: boolean; onClose: () => void }) {
  return (
    <Dialog title={text.keySheet.title} onClose={onClose}>
      {/* Longer than the window and without controls: it must be reachable to be scrolled by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles['list']} role="region" aria-label={text.keySheet.title} tabIndex={0}>
        {groups(enterSends).map(({ title, rows }) => (
          <section key={title} className={styles['group']}>
            <h3>{title}</h3>
            <dl>
              {rows.map((row) => (
                <div key={row.says} className={styles['row']}>
                  <dt>{row.says}</dt>
                  <dd>
                    <Ways row={row} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Ways({ row }: { row: Row }) {
  return row.ways.map((keys, at) => (
    <span key={keys.join(' ')} className={styles['keys']}>
      {at > 0 && <span className={styles['or']}>{row.range === true ? text.keySheet.then : text.keySheet.alternative}</span>}
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  ));
}
