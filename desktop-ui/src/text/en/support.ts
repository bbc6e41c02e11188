// What is said about finding out what went wrong.

export const support = {
  title: 'Support',
  lead: 'What helps somebody to find out what went wrong on this device.',
  crashed: (when: string) => `Loquat had a fault ${when}. Save a file for support?`,
  crashPlace: (place: string, version: string) => `In ${place}, version ${version}. Nothing of it was sent anywhere.`,
  putAway: 'Put away',
  file: 'File for support',
  fileLead:
    'Holds versions, settings, a test of the connection, and the log without anything about people. No messages, names, addresses or passwords. It is saved on this computer, and sent nowhere.',
  save: 'Save a file for support',
  saving: 'Saving tests the connection as well, which may take a moment.',
  saved: (path: string) => `Saved as ${path}`,
  notAllowed: 'Your organisation does not allow files for support on this device.',
  log: 'Log',
  howMuch: 'What is written down',
  logLead: 'How much Loquat writes down about its own work. It stays on this computer.',
  decided: 'Set by your organisation',
  levels: {
    error: 'Only what failed',
    warn: 'Also what is unusual',
    info: 'Also what happens',
    debug: 'Also why it happens',
    trace: 'Everything',
  },
  levelHints: {
    error: 'The least.',
    warn: 'Faults, and what may become one.',
    info: 'The usual. Enough for most questions.',
    debug: 'When support asks for it.',
    trace: 'For a few minutes at a time; it fills the log quickly.',
  },
};
