// The order of names, and whether one holds what somebody looks for, as the language in use has it.

import { locale } from './text.ts';

let held: { locale: string; collator: Intl.Collator } | undefined;

/** For sorting names: "Ärzte" beside "Arbeit", "Team 2" before "Team 10". */
export function byName(one: string, other: string): number {
  if (held?.locale !== locale) {
    held = { locale, collator: new Intl.Collator(locale, { numeric: true }) };
  }
  return held.collator.compare(one, other);
}
