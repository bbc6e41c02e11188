// Was über den Weg zum Server gesagt wird: Zertifikate, Proxys, ihre Einstellungen und der Verbindungstest.

import type { network as English } from '#text/en/network.ts';

import { count } from './count.ts';

export const network: typeof English = {
  certificate: {
    title: (host: string) => `Die Verbindung zu ${host} ist nicht sicher`,
    lead: 'Loquat hat nichts dorthin gesendet. Bevor du weitermachen kannst, muss das jemand in Ordnung bringen.',
    expired: (ago: string) =>
      `Das Zertifikat ist ${ago} abgelaufen. Sag denen Bescheid, die den Server betreiben, damit sie es erneuern.`,
    notYetValid: (from: string) =>
      `Das Zertifikat gilt erst ab ${from}. Prüfe Datum und Uhrzeit dieses Computers; wenn sie stimmen, sag denen Bescheid, die den Server betreiben.`,
    wrongName: (names: string) =>
      `Das Zertifikat gilt für ${names}. Prüfe die Adresse; wenn sie stimmt, sag denen Bescheid, die den Server betreiben.`,
    wrongNameUnknown:
      'Das Zertifikat gilt für einen anderen Server. Prüfe die Adresse; wenn sie stimmt, sag denen Bescheid, die den Server betreiben.',
    unknownIssuer:
      'Dieser Computer kennt den Aussteller des Zertifikats nicht. Frag deine IT nach der Zertifizierungsstelle deiner Firma und gib ihre Datei in den Verbindungseinstellungen an.',
    selfSigned:
      'Der Server bürgt für sich selbst: Niemand sonst hat sein Zertifikat unterschrieben. Frag deine IT, ob das so gemeint ist, und nach der Datei, der du vertrauen sollst.',
    revoked: 'Das Zertifikat wurde von seinem Aussteller zurückgezogen. Sag sofort denen Bescheid, die den Server betreiben.',
    wrongSignature:
      'Die Unterschrift des Zertifikats ist falsch. Vielleicht steht jemand zwischen dir und dem Server; sag deiner IT Bescheid.',
    unusable: 'Das Zertifikat ist für einen Server nicht brauchbar. Sag denen Bescheid, die ihn betreiben.',
    sentence: (host: string, reason: string) => `Dem Zertifikat von ${host} wird nicht vertraut. ${reason}`,
    line: (host: string) => `Offline. Dem Zertifikat von ${host} wird nicht vertraut.`,
    details: 'Das Zertifikat',
    subject: 'Ausgestellt für',
    issuer: 'Ausgestellt von',
    names: 'Gilt für',
    valid: 'Gültig',
    fromUntil: (from: string, until: string) => `${from} bis ${until}`,
    fingerprint: 'Fingerabdruck (SHA-256)',
    server: 'Server',
    problem: 'Problem',
    looked: 'Gesehen',
    copy: 'Einzelheiten kopieren',
    copied: 'Kopiert',
    tryAgain: 'Noch einmal versuchen',
    settings: 'Verbindungseinstellungen',
    show: 'Einzelheiten',
    today: 'heute',
    daysAgo: (n: number) => `vor ${count(n, 'Tag', 'Tagen')}`,
  },

  proxy: {
    loginNeeded: (proxy: string) =>
      `Der Proxy ${proxy} verlangt einen Namen und ein Passwort. Gib sie in den Verbindungseinstellungen ein.`,
    loginWrong: (proxy: string) =>
      `Der Proxy ${proxy} nimmt Namen und Passwort nicht an. Gib sie in den Verbindungseinstellungen noch einmal ein.`,
    unreachable: (proxy: string) =>
      `Der Proxy ${proxy} ist nicht erreichbar. Prüfe dein Netzwerk oder die Verbindungseinstellungen.`,
    refused: (proxy: string) => `Der Proxy ${proxy} lässt Loquat nicht zum Server. Sag deiner IT Bescheid.`,
    noProxy: (proxy: string) =>
      `Was bei ${proxy} antwortet, ist kein Proxy dieser Art. Prüfe die Verbindungseinstellungen.`,
    certificate: (proxy: string, reason: string) => `Dem Zertifikat des Proxys ${proxy} wird nicht vertraut. ${reason}`,
    unsupported: (proxy: string) =>
      `Einen Proxy wie ${proxy} kann Loquat nicht benutzen. Es kennt HTTP, HTTPS und SOCKS5.`,
  },

  connectionSettings: {
    title: 'Verbindung',
    lead: 'Wie dieses Gerät den Server erreicht. Änderungen gelten sofort.',
    proxy: 'Proxy',
    modes: { system: 'Der Proxy dieses Computers', none: 'Kein Proxy', manual: 'Dieser Proxy' },
    modeHints: {
      system: 'Wie in den Einstellungen des Systems gewählt.',
      none: 'Geradewegs zum Server, was das System auch sagt.',
      manual: 'Eine Adresse, die du hier eingibst.',
    },
    decided: 'Von deiner Organisation festgelegt',
    address: 'Adresse des Proxys',
    addressHint: 'Etwa proxy.example.org:3128 oder socks5://proxy.example.org:1080',
    addressWrong:
      'Das ist nicht die Adresse eines Proxys. Sie sieht so aus: proxy.example.org:3128, ohne Namen und Passwort.',
    bypass: 'Hosts ohne Proxy',
    bypassHint: 'Durch Kommas getrennt: Namen, Adressen oder Netze wie 10.0.0.0/8',
    save: 'Speichern',
    inUse: (proxy: string) => `Gerade benutzt: ${proxy}`,
    straight: 'Gerade benutzt: kein Proxy',
    login: 'Name und Passwort',
    loginLead: (proxy: string) => `Für den Proxy ${proxy}. Sie werden im Schlüsselbund dieses Computers aufbewahrt.`,
    user: 'Name',
    password: 'Passwort',
    saveLogin: 'Name und Passwort speichern',
    signedInAs: (user: string) => `Dem Proxy wird der Name ${user} gezeigt.`,
    thisRun: 'Dieser Computer hat keinen brauchbaren Schlüsselbund; beides wird vergessen, wenn Loquat endet.',
    forget: 'Vergessen',
    ca: 'Zertifizierungsstellen',
    caLead: 'Loquat vertraut den Zertifizierungsstellen dieses Computers. Deine IT gibt dir vielleicht eine Datei mit weiteren.',
    caFile: 'Datei mit weiteren Stellen (PEM)',
    caPlaceholder: '/etc/ssl/certs/firma.pem',
    caUnreadable: (file: string, detail: string) =>
      `${file} ist nicht lesbar (${detail}). Es zählen nur die Stellen dieses Computers.`,
    caNoCertificate: (file: string) =>
      `${file} enthält kein Zertifikat in PEM. Es zählen nur die Stellen dieses Computers.`,
    caBroken: (file: string, n: number) =>
      `Zertifikat ${n} in ${file} ist beschädigt, deshalb wird nichts aus der Datei benutzt. Es zählen nur die Stellen dieses Computers.`,
    trouble: 'Was gerade nicht stimmt',
  },

  connectionTest: {
    title: 'Verbindung testen',
    lead: 'Versucht jeden Schritt auf dem Weg zum Server und sagt, welcher misslingt.',
    run: 'Jetzt testen',
    again: 'Noch einmal testen',
    copy: 'Als Text kopieren',
    copied: 'Kopiert',
    list: 'Schritte des Tests',
    running: 'Test läuft …',
    works: 'Auf dem Weg zum Server funktioniert alles.',
    fails: 'Auf dem Weg zum Server funktioniert etwas nicht.',
    heading: (server: string, at: string) => `Verbindungstest von ${server}, ${at}`,
    steps: {
      dns: 'Adresse finden',
      tcp: 'Server erreichen',
      proxy: 'Durch den Proxy gehen',
      tls: 'Zertifikat prüfen',
      https: 'Server fragen',
      socket: 'Dauerhafte Verbindung öffnen',
      clock: 'Uhren vergleichen',
    },
    hints: {
      dns: 'Der Name des Servers wird nicht gefunden. Prüfe die Adresse und dein Netzwerk; vielleicht muss deine IT den Namen eintragen.',
      tcp: 'Dort antwortet niemand. Vielleicht steht der Server still, oder eine Firewall ist im Weg.',
      tls: 'Die sichere Verbindung kam nicht zustande. Vielleicht ist eine Firewall im Weg, die in Verbindungen hineinsieht; sag deiner IT Bescheid.',
      https:
        'Etwas antwortet, aber nicht wie ein Loquat-Server. Prüfe die Adresse; vielleicht antwortet eine Firewall an seiner Stelle.',
      socket: 'Dauerhafte Verbindungen (WebSocket) kommen nicht durch. Deine IT muss sie für den Server erlauben.',
    },
    took: (ms: string) => `${ms} ms`,
    fine: 'Funktioniert',
    failed: 'Misslingt',
    skipped: 'Nicht versucht',
    differs: 'Falsch',
    skips: {
      left_to_proxy: 'Das macht der Proxy.',
      no_proxy: 'Auf dem Weg steht kein Proxy.',
      no_tls: 'Der Server wird ohne Verschlüsselung erreicht.',
      out_of_reach: 'Ein früherer Schritt misslang.',
      unknown: 'Der Server hat nicht gesagt, wie spät es ist.',
    },
    clockAhead: (wait: string) =>
      `Die Uhr dieses Computers geht ${wait} vor. Stell sie, sonst werden Anmeldecodes und Zertifikate vielleicht abgelehnt.`,
    clockBehind: (wait: string) =>
      `Die Uhr dieses Computers geht ${wait} nach. Stell sie, sonst werden Anmeldecodes und Zertifikate vielleicht abgelehnt.`,
  },
};
