// What search and mentions say.

import type { found as English } from '#text/en/found.ts';

import { count } from './count.ts';

export const found: typeof English = {
  search: {
    title: 'Suche',
    open: 'Nachrichten suchen',
    field: 'Nachrichten suchen',
    placeholder: 'Wörter, oder von: in: vor: nach:',
    suggestions: 'Filter zur Auswahl',
    results: 'Gefundene Nachrichten',
    where: 'Wo',
    everywhere: 'Überall',
    order: 'Reihenfolge',
    newest: 'Neueste zuerst',
    relevance: 'Beste Treffer zuerst',
    counted: (n: number, more: boolean) => (more ? `Mehr als ${count(n, 'Nachricht', 'Nachrichten')}` : count(n, 'Nachricht', 'Nachrichten')),
    nothing: (query: string) => `Auf diesem Computer enthält keine Nachricht „${query}“.`,
    nothingLead: 'Versuch es mit weniger oder anderen Wörtern. Ältere Nachrichten werden gefunden, sobald sie einmal auf diesem Computer waren.',
    begin: 'Finde, was gesagt wurde, in allem, was auf diesem Computer liegt.',
    more: 'Mehr anzeigen',
    incomplete: 'Noch sind nicht alle Nachrichten zu finden. Dieser Computer liest sie gerade ein.',
    filters: { from: 'von', in: 'in', before: 'vor', after: 'nach', on: 'am' },
    hints: {
      from: 'Nachrichten einer Person',
      in: 'Nachrichten einer Unterhaltung',
      before: 'Nachrichten vor einem Tag',
      after: 'Nachrichten nach einem Tag',
      on: 'Nachrichten eines Tages',
    },
    me: 'mir',
    meHint: 'Was du geschrieben hast',
    days: { today: 'heute', yesterday: 'gestern' },
    ago: { '7d': 'vor einer Woche', '1m': 'vor einem Monat', '1y': 'vor einem Jahr' },
    problems: {
      unknown_person: (value: string) => `Niemand heißt „${value}“.`,
      unknown_conversation: (value: string) => `Keine Unterhaltung heißt „${value}“.`,
      not_a_date: (value: string) => `„${value}“ ist kein Tag. Schreib 2026-03-14, heute, gestern oder 7d.`,
      cannot_exclude: (value: string) => `Ein Tag lässt sich nicht mit einem Minus ausschließen: „${value}“.`,
      too_long: () => 'Das ist zu viel für eine Suche. Nimm weniger Wörter.',
    },
  },

  level: {
    title: 'Benachrichtigungen',
    muted: 'Stumm',
    choices: { usual: 'Wie üblich', all: 'Alle Nachrichten', mentions: 'Nur Erwähnungen', nothing: 'Keine' },
  },

  mentions: {
    title: 'Erwähnungen',
    channel: 'channel',
    here: 'here',
    list: 'Nachrichten, die dich erwähnen',
    empty: 'Dich hat noch niemand erwähnt.',
    emptyLead: 'Wenn jemand @ und deinen Namen schreibt, findest du es hier.',
    offline: 'Erwähnungen werden angezeigt, sobald du wieder verbunden bist.',
    more: 'Frühere Erwähnungen anzeigen',
    unread: (n: number) => count(n, 'ungelesene Erwähnung', 'ungelesene Erwähnungen'),
  },
};
