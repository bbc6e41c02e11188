// What the app says outside its window: on notifications and in the tray. What stands in braces is replaced.

import type { outside as English } from '#text/en/outside.ts';

export const outside: typeof English = {
  outside: {
    app: 'Loquat',
    new_message: 'Neue Nachricht',
    in_channel: '{author} in #{channel}',
    in_group: '{author} an die Gruppe',
    somebody: 'Jemand',
    open: 'Öffnen',
    quit: 'Loquat beenden',
    pause: 'Benachrichtigungen eine Stunde lang pausieren',
    test_title: 'Benachrichtigungen funktionieren',
    test_body: 'So erfährst du von einer Nachricht.',
    hidden_title: 'Loquat läuft im Hintergrund weiter',
    hidden_body: 'Du erfährst von neuen Nachrichten. Beenden kannst du mit {keys} oder über das Symbol in der Systemleiste.',
    unread: 'Ungelesen: {count}',
    nothing_unread: 'Nichts ungelesen',
  },
};
