// Was über neue Versionen der App gesagt wird.

import type { updates as English } from '#text/en/updates.ts';

export const updates: typeof English = {
  updates: {
    title: 'Updates',
    lead: 'Neue Versionen werden von selbst geholt und geprüft und starten, wenn du Loquat gerade nicht benutzt.',
    version: 'Installierte Version',
    lastLook: 'Zuletzt geprüft',
    never: 'Noch nie',
    look: 'Jetzt prüfen',
    upToDate: 'Loquat ist aktuell.',
    idle: 'Loquat sucht kurz nach dem Start und dann alle paar Stunden nach einer neuen Version.',
    looking: 'Es wird nach einer neuen Version gesucht …',
    downloading: (version: string) => `Version ${version} wird geholt.`,
    progress: (done: string, total: string) => `${done} von ${total}`,
    progressOpen: (done: string) => `Bisher ${done}`,
    progressLabel: 'Download',
    ready: (version: string) => `Version ${version} ist bereit.`,
    readyRestart:
      'Sie startet, wenn das Fenster geschlossen ist und niemand schreibt, oder wenn du es sagst. Nichts Getipptes geht verloren.',
    readyAsks: 'Zum Installieren braucht es jemanden, der diesen Computer ändern darf. Dein System fragt danach.',
    readyByHand:
      'Dieser Computer kann nicht nach einem Admin fragen. Wer ihn betreut, installiert die Version mit diesem Befehl:',
    copyCommand: 'Befehl kopieren',
    copied: 'Kopiert',
    restart: 'Neu starten und aktualisieren',
    install: 'Installieren und neu starten',
    installing: (version: string) => `Version ${version} wird installiert. Loquat startet gleich neu.`,
    notes: (version: string) => `Neu in ${version}`,
    off: 'Deine Organisation installiert neue Versionen von Loquat.',
    notBuiltIn: 'Diese Version aktualisiert sich nicht selbst. Neue Versionen gibt es dort, wo du diese her hast.',
    notInstalled:
      'Diese Kopie wurde nicht installiert und aktualisiert sich deshalb nicht selbst. Neue Versionen gibt es dort, wo du diese her hast.',
    store: 'Neue Versionen kommen aus dem Store, aus dem Loquat installiert wurde.',
    channel: 'Welche Versionen',
    stable: 'Fertige Versionen',
    stableHint: 'Andere haben sie vor dir erprobt.',
    beta: 'Auch Versionen, die noch erprobt werden',
    betaHint: 'Neues früher, mit mehr Fehlern.',
    setByOrganisation: 'Von deiner Organisation festgelegt.',
    failed: {
      unreachable:
        'Der Update-Server ist nicht erreichbar. Loquat versucht es von selbst wieder; prüfe dein Netzwerk, wenn es so bleibt.',
      not_understood:
        'Mit der Antwort des Update-Servers lässt sich nichts anfangen. Sag es denen, die sich um eure Updates kümmern.',
      signature: (version: string) =>
        `Version ${version} wurde nicht installiert, weil ihre Signatur nicht stimmt. Nichts wurde geändert. Sag es denen, die sich um eure Updates kümmern.`,
      no_file: (version: string) =>
        `Version ${version} gibt es nicht für diesen Computer. Frag die, die sich um eure Updates kümmern.`,
      storage:
        'Die neue Version kann nicht auf die Festplatte geschrieben werden. Schaffe Platz, oder frag jemanden, der dort schreiben darf, wo Loquat installiert ist.',
      not_allowed:
        'Es wurde nichts installiert, weil niemand zugestimmt hat, der diesen Computer ändern darf. Prüfe erneut, um es noch einmal zu versuchen.',
      install: 'Dein System konnte die neue Version nicht installieren. Prüfe erneut, um es noch einmal zu versuchen.',
      did_not_start: (version: string) =>
        `Version ${version} ist nicht gestartet, deshalb läuft wieder die vorige. Prüfe erneut, um es noch einmal zu versuchen.`,
    },
    says: (detail: string) => `Die Meldung dazu: ${detail}`,
    hintRestart: 'Neu starten und aktualisieren',
    hintInstall: 'Ein Update installieren',
    hintByHand: 'Ein Update ist bereit',
    hintTitle: (version: string) => `Version ${version} ist bereit`,
  },
};
