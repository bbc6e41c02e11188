// What the settings say about notifications, and why somebody was told of a message or not.

import type { notifications as English } from '#text/en/notifications.ts';

export const notifications: typeof English = {
  title: 'Benachrichtigungen',
  lead: 'Nur für dieses Gerät. Eine Unterhaltung kann eine eigene Stufe haben, auf allen deinen Geräten.',
  notKept: 'Das wurde nicht gespeichert.',

  level: 'Benachrichtigen über',
  levels: { all: 'Alle Nachrichten', mentions: 'Erwähnungen und Direktnachrichten', nothing: 'Nichts' },
  levelHints: {
    all: 'Alles in deinen Kanälen und Unterhaltungen',
    mentions: 'Was dich, @channel oder @here erwähnt, und was dir direkt geschrieben wird',
    nothing: 'Keine Benachrichtigungen. Ungelesenes wird weiter gezählt.',
  },
  sound: 'Ton',
  soundOn: 'Eine Benachrichtigung ist zu hören.',
  soundOff: 'Benachrichtigungen kommen ohne Ton.',
  locked: 'Nachrichten auf dem gesperrten Bildschirm zeigen',
  lockedOn: 'Wer vorbeikommt, kann sie lesen.',
  lockedOff: 'Solange der Bildschirm gesperrt ist, steht da nur, dass es eine Nachricht gibt.',

  quiet: 'Ruhezeit',
  quietOn: 'Jeden Tag kommen zwischen diesen Zeiten keine Benachrichtigungen.',
  quietOff: 'Wähle eine Zeit des Tages ohne Benachrichtigungen.',
  from: 'Von',
  to: 'Bis',
  nextDay: 'Sie endet am nächsten Tag.',
  noHours: 'Anfang und Ende sind gleich, also gibt es keine Ruhezeit.',

  pause: 'Pause',
  pauseLead: 'Eine Weile keine Benachrichtigungen. Nachrichten kommen weiter an.',
  forAnHour: '1 Stunde lang',
  untilTomorrow: (time: string) => `Bis morgen ${time}`,
  paused: (when: string) => `Pausiert. Benachrichtigungen kommen ${when} wieder.`,
  resume: 'Jetzt fortsetzen',

  test: 'Test',
  testLead: 'Ob Benachrichtigungen auf deinem Bildschirm ankommen.',
  sendTest: 'Testbenachrichtigung schicken',
  onItsWay: 'Sie ist unterwegs. Wenn du nichts siehst, sieh in den Benachrichtigungseinstellungen deines Systems nach.',
  pausedNow: 'Benachrichtigungen sind gerade pausiert, deshalb werden Nachrichten nicht gezeigt.',
  quietNow: 'Gerade ist Ruhezeit, deshalb werden Nachrichten nicht gezeigt.',
  noService:
    'Auf diesem Computer zeigt nichts Benachrichtigungen. Starte den Benachrichtigungsdienst deines Desktops und versuche es noch einmal.',
  refused:
    'Dein System hat die Benachrichtigung abgelehnt. Erlaube dort Benachrichtigungen von Loquat und versuche es noch einmal.',
  noAnswer:
    'Was auf diesem Computer Benachrichtigungen zeigt, antwortet nicht. Melde dich am Computer ab und wieder an und versuche es dann noch einmal.',
  detail: (detail: string) => `Dein System sagt: ${detail}`,

  start: 'Loquat starten, wenn du dich am Computer anmeldest',
  startOn: 'Es startet im Hintergrund, und du erfährst von Anfang an von Nachrichten.',
  startOff: 'Du erfährst von nichts, bis du es öffnest.',

  closing: 'Wenn du das Fenster schließt',
  hides: 'Loquat läuft im Hintergrund weiter',
  hidesHint: 'Du erfährst von neuen Nachrichten, und das Fenster ist sofort wieder da.',
  ends: 'Loquat wird beendet',
  endsHint: 'Du erfährst von nichts, bis du es wieder öffnest.',

  why: 'Warum kam eine Benachrichtigung?',
  whyLead: 'Was aus den letzten Nachrichten wurde, die neueste zuerst.',
  list: 'Letzte Nachrichten',
  none: 'Seit dem Start von Loquat ist keine Nachricht angekommen.',
  showAll: (number: string) => `Alle ${number} zeigen`,
  gone: 'Eine Unterhaltung, die es hier nicht mehr gibt',
  outcome: {
    shown: 'Gezeigt.',
    withoutText: 'Ohne Text gezeigt, weil der Bildschirm gesperrt war.',
    own: 'Nicht gezeigt: Du hast sie geschrieben.',
    deleted: 'Nicht gezeigt: Sie wurde gelöscht, bevor sie ankam.',
    read: 'Nicht gezeigt: Du hattest sie schon gelesen.',
    old: 'Nicht gezeigt: Sie wurde lange vor ihrer Ankunft geschrieben.',
    on_screen: 'Nicht gezeigt: Du hattest die Unterhaltung vor dir.',
    muted: 'Nicht gezeigt: Dort willst du von nichts erfahren.',
    not_mentioned: 'Nicht gezeigt: Sie erwähnt dich nicht.',
    paused: 'Nicht gezeigt: Benachrichtigungen waren pausiert.',
    quiet_hours: 'Nicht gezeigt: Es war Ruhezeit.',
    no_service: 'Konnte nicht gezeigt werden: Auf diesem Computer zeigt nichts Benachrichtigungen.',
    refused: 'Konnte nicht gezeigt werden: Dein System hat sie abgelehnt.',
    silent: 'Konnte nicht gezeigt werden: Was auf diesem Computer Benachrichtigungen zeigt, hat nicht geantwortet.',
  },
};
