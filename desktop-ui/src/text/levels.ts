// Of which messages one is told, in words.

import type { NotificationLevel } from '#bridge/generated/NotificationLevel.ts';

import { text } from './text.ts';

/** `usual` is what each device does with conversations for which nothing was chosen. */
export type LevelChoice = NotificationLevel | 'usual';

const LEVELS: readonly LevelChoice[] = ['usual', 'all', 'mentions', 'nothing'];

export function levelOptions(): { value: LevelChoice; label: string }[] {
  return LEVELS.map((value) => ({ value, label: text.level.choices[value] }));
}
