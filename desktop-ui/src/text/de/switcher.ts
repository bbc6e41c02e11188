// What the quick switcher says.

import type { switcher as English } from '#text/en/switcher.ts';

import { count } from './count.ts';

export const switcher: typeof English = {
  switcher: {
    open: 'Springen zu',
    title: 'Zu einer Unterhaltung oder Person springen',
    placeholder: 'Name einer Person oder eines Kanals',
    results: 'Unterhaltungen und Personen',
    found: (n: number) => (n === 0 ? 'Nichts gefunden' : count(n, 'Treffer', 'Treffer')),
    nothing: (query: string) => `Niemand und kein Kanal heißt „${query}“.`,
    nothingYet: 'Noch gibt es niemanden, dem du schreiben kannst.',
    join: 'Beitreten',
    write: 'Schreiben',
    archived: 'Archiviert',
    mentioned: (n: number) => count(n, 'Erwähnung', 'Erwähnungen'),
    choose: 'auswählen',
    go: 'öffnen',
    close: 'schließen',
  },
};
