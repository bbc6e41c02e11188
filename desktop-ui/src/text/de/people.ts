// What is said about people: finding them, who they are, whether they are there.

import type { people as English } from '#text/en/people.ts';

import { count } from './count.ts';

export const people: typeof English = {
  people: {
    newTitle: 'Neue Nachricht',
    newLead: 'Wähle eine Person aus, oder mehrere für eine Gruppe.',
    search: 'Personen suchen',
    searchPlaceholder: 'Name oder E-Mail-Adresse',
    results: 'Personen',
    chosen: 'Ausgewählte Personen',
    remove: (name: string) => `${name} entfernen`,
    nobody: (query: string) => `Niemand heißt „${query}“.`,
    nobodyYet: 'Außer dir ist noch niemand in diesem Arbeitsbereich.',
    start: 'Unterhaltung beginnen',
    startGroup: (n: number) => `Gruppe mit ${n} Personen beginnen`,
    addTitle: (channel: string) => `Personen zu #${channel} hinzufügen`,
    addLead: 'Sie können alles lesen, was bisher geschrieben wurde.',
    add: 'Hinzufügen',
    addSome: (n: number) => `${count(n, 'Person', 'Personen')} hinzufügen`,
  },

  roles: { member: 'Mitglied', administrator: 'Admin' },

  presence: {
    online: 'Online',
    away: 'Abwesend',
    offline: 'Offline',
    offlineSince: (when: string) => `Offline, zuletzt gesehen ${when}`,
    awaySince: (when: string) => `Abwesend, zuletzt aktiv ${when}`,
  },

  card: {
    email: 'E-Mail',
    localTime: 'Ortszeit',
    timeThere: (time: string, difference: string) => (difference === '' ? time : `${time}, ${difference}`),
    ahead: (hours: string) => `${hours} später als bei dir`,
    behind: (hours: string) => `${hours} früher als bei dir`,
    hours: (n: number) => count(n, 'Stunde', 'Stunden'),
    role: 'Rolle',
    message: 'Nachricht schreiben',
    messageYourself: 'Notizen schreiben',
    editProfile: 'Profil bearbeiten',
    deactivated: 'Deaktiviert. Eine Anmeldung ist nicht mehr möglich.',
    unknown: 'Auf diesem Computer ist nichts über diese Person bekannt.',
  },

  profile: { email: 'E-Mail', timeZone: 'Zeitzone' },

  signOut: {
    title: 'Abmelden',
    unsent: (n: number) =>
      n === 1
        ? '1 Nachricht wurde noch nicht gesendet. Sie geht verloren, wenn du dich abmeldest.'
        : `${count(n, 'Nachricht', 'Nachrichten')} wurden noch nicht gesendet. Sie gehen verloren, wenn du dich abmeldest.`,
    confirmUnsent: 'Abmelden und verwerfen',
    ask: 'Alles, was auf diesem Computer gespeichert ist, wird entfernt. Deine Nachrichten bleiben auf dem Server.',
    confirm: 'Abmelden',
  },
};
