// Emoji in lines under titles, and how arrows walk them.

import { direction } from '#text/text.ts';

import type { Emoji } from './emoji-data.ts';

export const COLUMNS = 9;

export type GridRow =
  | { kind: 'title'; key: string; title: string }
  /** `start` counts the emoji before this line. */
  | { kind: 'emoji'; key: string; emoji: readonly Emoji[]; start: number };

type EmojiRow = Extract<GridRow, { kind: 'emoji' }>;

export function gridOf(sections: readonly { title: string; emoji: readonly Emoji[] }[]): GridRow[] {
  const rows: GridRow[] = [];
  let start = 0;
  for (const { title, emoji } of sections) {
    if (emoji.length === 0) {
      continue;
    }
    rows.push({ kind: 'title', key: title, title });
    for (let at = 0; at < emoji.length; at += COLUMNS) {
      const line = emoji.slice(at, at + COLUMNS);
      rows.push({ kind: 'emoji', key: `${title} ${at}`, emoji: line, start });
      start += line.length;
    }
  }
  return rows;
}

/** Where a key leads from the emoji with this index; null for a key that leads nowhere. */
export function step(rows: readonly GridRow[], active: number, key: string): number | null {
  const lines = rows.filter((row): row is EmojiRow => row.kind === 'emoji');
  const count = lines.reduce((sum, line) => sum + line.emoji.length, 0);
  const at = lines.findIndex((line) => active < line.start + line.emoji.length);
  const line = lines[at];
  if (line === undefined) {
    return null;
  }
  switch (key) {
    case direction === 'ltr' ? 'ArrowRight' : 'ArrowLeft':
      return Math.min(active + 1, count - 1);
    case direction === 'ltr' ? 'ArrowLeft' : 'ArrowRight':
      return Math.max(active - 1, 0);
    case 'ArrowDown':
      return below(lines[at + 1], active - line.start) ?? active;
    case 'ArrowUp':
      return below(lines[at - 1], active - line.start) ?? active;
    default:
      return null;
  }
}

/** The emoji of a line in this column, or its last one. */
function below(line: EmojiRow | undefined, column: number): number | null {
  return line === undefined ? null : line.start + Math.min(column, line.emoji.length - 1);
}
