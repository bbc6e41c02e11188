// Every sentence a person reads, in German. People are addressed as "du", in lower case, as is usual among colleagues
// who chat; whoever administers a workspace is an "Admin", and the others stay without a gender ("alle", "wer", "dein
// Team"). Sentence style as in English: plain, what happened and then what to do, no exclamation marks, no "bitte", no
// "leider". Quotation marks are „…“, an ellipsis stands after a space.

import { administration } from './de/administration.ts';
import { count } from './de/count.ts';
import { found } from './de/found.ts';
import { frame } from './de/frame.ts';
import { keys } from './de/keys.ts';
import { messages } from './de/messages.ts';
import { network } from './de/network.ts';
import { notifications } from './de/notifications.ts';
import { organisation } from './de/organisation.ts';
import { outside } from './de/outside.ts';
import { people } from './de/people.ts';
import { settings } from './de/settings.ts';
import { signIn } from './de/sign-in.ts';
import { support } from './de/support.ts';
import { switcher } from './de/switcher.ts';
import { updates } from './de/updates.ts';
import type { Text } from './text.ts';

export const de: Text = {
  appName: 'Loquat',

  failure: {
    invalidAddress: 'Das ist keine Serveradresse. Sie sieht aus wie chat.example.org.',
    serverNotAllowed: (host: string) => `Deine Organisation lässt auf diesem Gerät keine Anmeldung bei ${host} zu.`,
    unreachable: (host: string) => `${host} ist nicht erreichbar. Prüfe die Adresse oder dein Netzwerk.`,
    serverAway: 'Der Server ist nicht erreichbar. Prüfe dein Netzwerk und versuch es noch einmal.',
    notLoquat: (host: string) => `${host} antwortet, ist aber kein Loquat-Server. Prüfe die Adresse.`,
    signedOut: 'Du bist abgemeldet. Melde dich wieder an, um weiterzumachen.',
    storage: 'Die Festplatte dieses Computers kann nicht verwendet werden. Schaffe Platz und versuch es noch einmal.',
    unexpected: 'In dieser App ist etwas schiefgegangen. Versuch es noch einmal.',
    tryIn: (wait: string) => `Versuch es in ${wait} noch einmal.`,
    tryLater: 'Versuch es später noch einmal.',
    tooManyCodes: 'Es wurden zu viele Codes angefordert.',
    tooMany: 'Das war zu oft.',
    codeWrong: 'Dieser Code ist nicht richtig.',
    triesLeft: (n: number) => `Noch ${count(n, 'Versuch', 'Versuche')}.`,
    codeExpired: 'Dieser Code ist abgelaufen. Sende einen neuen.',
    codeUsedUp: 'Dieser Code wurde zu oft versucht. Sende einen neuen.',
    invalidEmail: 'Das ist keine E-Mail-Adresse. Sie sieht aus wie du@example.org.',
    domainNotAllowed: 'Mit dieser E-Mail-Adresse kannst du dich hier nicht anmelden. Verwende die deiner Firma.',
    deactivated: 'Dieses Konto ist deaktiviert. Wende dich an einen Admin deines Arbeitsbereichs.',
    invalidName: 'Dieser Name kann nicht verwendet werden. Verwende 1 bis 80 Zeichen in einer Zeile.',
    nameTaken: 'Ein anderer Kanal hat diesen Namen. Wähle einen anderen.',
    unknownPerson: 'Diese Person ist nicht mehr im Arbeitsbereich.',
    membersFixed: 'Wer in dieser Unterhaltung ist, kann sich nicht ändern. Beginne eine neue.',
    tooManyMembers: 'Das sind zu viele Personen für eine Gruppe. Erstelle stattdessen einen Kanal.',
    bodyEmpty: 'Die Nachricht ist leer.',
    bodyTooLong: 'Die Nachricht ist zu lang. Teile sie auf mehrere auf.',
    forbidden: 'Das darfst du nicht.',
    notFound: 'Das gibt es hier nicht mehr.',
    storageFull: 'Die Festplatte des Servers ist voll. Sag denen Bescheid, die ihn betreiben, und versuch es noch einmal.',
    unavailable: 'Der Server kann das gerade nicht. Versuch es gleich noch einmal.',
    lastAdministrator: 'Das ist der letzte Admin. Mach zuerst eine andere Person zum Admin.',
    invitationInvalid: 'Diese Einladung wurde schon verwendet, zurückgezogen oder ist abgelaufen. Frage nach einer neuen.',
    alreadyAMember: 'Diese Person ist schon im Arbeitsbereich.',
    invalidDomain: 'Das ist keine Domain. Sie sieht aus wie example.org.',
    invalidPicture:
      'Diese Datei ist kein Bild, das verwendet werden kann. Wähle ein PNG, JPEG oder WebP mit höchstens 1 MB aus.',
    archived: 'Dieser Kanal ist archiviert und kann nur gelesen werden.',
    messageDeleted: 'Diese Nachricht wurde gelöscht.',
    invalidEmoji: 'Das ist kein Emoji.',
    tooManyReactions: 'Diese Nachricht hat zu viele verschiedene Reaktionen. Schließ dich einer an, die schon da ist.',
    versionMismatch: 'Der Server hat diese App nicht verstanden. Vielleicht ist er älter oder neuer als sie.',
    internal: 'Der Server hat einen Fehler gemacht. Versuch es noch einmal.',
    serverFault: 'Der Server hat einen Fehler gemacht.',
  },

  // After „in“, so in the dative.
  wait: {
    seconds: (n: number) => count(n, 'Sekunde', 'Sekunden'),
    minutes: (n: number) => count(n, 'Minute', 'Minuten'),
    hours: (n: number) => count(n, 'Stunde', 'Stunden'),
  },

  ...frame,
  ...found,
  ...keys,
  ...messages,
  ...network,
  ...outside,
  ...people,
  ...switcher,
  ...updates,
  signIn,
  support,
  settings,
  notifications,
  organisation,
  administration,

  dialog: { cancel: 'Abbrechen', close: 'Schließen', tryAgain: 'Noch einmal versuchen' },

  time: {
    today: 'Heute',
    yesterday: 'Gestern',
    yesterdayAt: (time: string) => `Gestern ${time}`,
    at: (time: string) => `um ${time}`,
    yesterdayInSentence: (time: string) => `gestern um ${time}`,
    tomorrowInSentence: (time: string) => `morgen um ${time}`,
    onDayAt: (day: string, time: string) => `am ${day} um ${time}`,
    on: (day: string) => `am ${day}`,
  },

  stuck: {
    title: 'Loquat kann nicht starten',
    tryAgain: 'Noch einmal versuchen',
  },

  broken: {
    title: 'Dieses Fenster ist stehen geblieben',
    lead: 'Nichts, was du gesendet hast, ist verloren. Öffne es wieder, um weiterzumachen.',
    reload: 'Wieder öffnen',
    details: 'Was passiert ist',
  },
};
