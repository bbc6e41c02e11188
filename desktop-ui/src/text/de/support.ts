// Was darüber gesagt wird, wie man einem Fehler auf die Spur kommt.

import type { support as English } from '#text/en/support.ts';

export const support: typeof English = {
  title: 'Hilfe bei Fehlern',
  lead: 'Was dabei hilft, herauszufinden, was auf diesem Gerät schiefging.',
  crashed: (when: string) => `Loquat hatte ${when} einen Fehler. Eine Datei für den Support speichern?`,
  crashPlace: (place: string, version: string) => `In ${place}, Version ${version}. Nichts davon wurde irgendwohin gesendet.`,
  putAway: 'Weglegen',
  file: 'Datei für den Support',
  fileLead:
    'Enthält Versionen, Einstellungen, einen Verbindungstest und das Protokoll ohne alles, was Personen betrifft. Keine Nachrichten, Namen, Adressen oder Passwörter. Sie wird auf diesem Computer gespeichert und nirgendwohin gesendet.',
  save: 'Datei für den Support speichern',
  saving: 'Dabei wird auch die Verbindung getestet, das kann einen Moment dauern.',
  saved: (path: string) => `Gespeichert als ${path}`,
  notAllowed: 'Deine Organisation erlaubt auf diesem Gerät keine Dateien für den Support.',
  log: 'Protokoll',
  howMuch: 'Was aufgeschrieben wird',
  logLead: 'Wie viel Loquat über seine eigene Arbeit aufschreibt. Es bleibt auf diesem Computer.',
  decided: 'Von deiner Organisation festgelegt',
  levels: {
    error: 'Nur was misslang',
    warn: 'Auch was ungewöhnlich ist',
    info: 'Auch was geschieht',
    debug: 'Auch warum es geschieht',
    trace: 'Alles',
  },
  levelHints: {
    error: 'Am wenigsten.',
    warn: 'Fehler, und was einer werden kann.',
    info: 'Das Übliche. Genügt für die meisten Fragen.',
    debug: 'Wenn der Support darum bittet.',
    trace: 'Nur für ein paar Minuten; das Protokoll wird schnell voll.',
  },
};
