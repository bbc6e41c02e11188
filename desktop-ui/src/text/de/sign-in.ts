// What is said on the way from an empty app to a session.

import type { signIn as English } from '#text/en/sign-in.ts';

export const signIn: typeof English = {
  tagline: 'Teamchat, der deiner Firma gehört',
  server: {
    title: 'Wo ist dein Arbeitsbereich?',
    lead: 'Die Adresse steht in der Einladung deiner Firma.',
    label: 'Serveradresse',
    placeholder: 'chat.example.org',
    choice: 'Server',
    other: 'Ein anderer Server',
    otherHint: 'Gib seine Adresse ein',
    submit: 'Weiter',
    invitation: 'Ich habe eine Einladung',
  },
  invitation: {
    title: 'Einladung annehmen',
    lead: 'Kopiere den Link aus der E-Mail, die du bekommen hast, und füge ihn hier ein.',
    label: 'Einladungslink',
    placeholder: 'loquat://join?…',
    submit: 'Weiter',
    notALink: 'Das ist kein Einladungslink. Er beginnt mit loquat://join und steht in der E-Mail, die du bekommen hast.',
    joinTitle: (workspace: string) => `${workspace} beitreten`,
    joinLead: (server: string) => `Du wurdest in diesen Arbeitsbereich auf ${server} eingeladen. Es gibt kein Passwort.`,
    join: 'Beitreten',
    otherLink: 'Anderen Link verwenden',
    withAddress: 'Ohne Einladung anmelden',
  },
  email: {
    title: (workspace: string) => `Bei ${workspace} anmelden`,
    lead: 'Du bekommst einen sechsstelligen Code per E-Mail. Es gibt kein Passwort.',
    label: 'E-Mail',
    placeholder: 'du@example.org',
    submit: 'Code senden',
    otherServer: 'Anderen Server verwenden',
  },
  code: {
    title: 'Sieh in deinem Postfach nach',
    lead: (email: string) => `Ein Code ist unterwegs an ${email}.`,
    group: 'Anmeldecode',
    digit: (n: number) => `Ziffer ${n} von 6`,
    checking: 'Der Code wird geprüft …',
    resend: 'Neuen Code senden',
    resendIn: (seconds: number) => `Neuen Code senden (in ${seconds} s)`,
    resent: 'Ein neuer Code wurde gesendet. Der vorige gilt nicht mehr.',
    otherEmail: 'Andere E-Mail-Adresse verwenden',
  },
  ended: {
    session_ended: 'Deine Sitzung wurde beendet. Melde dich wieder an, um weiterzumachen.',
    session_revoked: 'Dieses Gerät wurde von einem anderen Gerät aus abgemeldet. Was darauf gespeichert war, wurde gelöscht.',
    token_expired: 'Deine Sitzung ist abgelaufen. Melde dich wieder an, um weiterzumachen.',
    deactivated:
      'Dein Konto wurde deaktiviert. Was auf diesem Gerät gespeichert war, wurde gelöscht. Wende dich an einen Admin deines Arbeitsbereichs.',
    keychain_locked:
      'Der Schlüsselbund ist gesperrt. Entsperre ihn und starte Loquat neu, oder melde dich nur für dieses Mal an.',
    keychain_missing:
      'Dieser Computer hat keinen Schlüsselbund, deshalb konnte deine Sitzung nicht gespeichert werden. Melde dich für dieses Mal an.',
    other: 'Du wurdest abgemeldet. Melde dich wieder an, um weiterzumachen.',
  },
};
