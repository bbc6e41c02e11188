// What is said about people: finding them, who they are, whether they are there.

import { count } from './count.ts';

export const people = {
  people: {
    newTitle: 'New message',
    newLead: 'Choose one person, or several for a group.',
    search: 'Search people',
    searchPlaceholder: 'Name or e-mail',
    results: 'People',
    chosen: 'Chosen people',
    remove: (name: string) => `Remove ${name}`,
    nobody: (query: string) => `Nobody is called “${query}”.`,
    nobodyYet: 'Nobody else is in this workspace yet.',
    start: 'Start conversation',
    startGroup: (n: number) => `Start group of ${n}`,
    addTitle: (channel: string) => `Add people to #${channel}`,
    addLead: 'They can read everything that was written before.',
    add: 'Add',
    addSome: (n: number) => `Add ${count(n, 'person', 'people')}`,
  },

  roles: { member: 'Member', administrator: 'Administrator' },

  presence: {
    online: 'Online',
    away: 'Away',
    offline: 'Offline',
    offlineSince: (when: string) => `Offline, last seen ${when}`,
    awaySince: (when: string) => `Away, last active ${when}`,
  },

  card: {
    email: 'E-mail',
    localTime: 'Local time',
    timeThere: (time: string, difference: string) => (difference === '' ? time : `${time}, ${difference}`),
    ahead: (hours: string) => `${hours} ahead of you`,
    behind: (hours: string) => `${hours} behind you`,
    hours: (n: number) => count(n, 'hour', 'hours'),
    role: 'Role',
    message: 'Message',
    messageYourself: 'Write notes',
    editProfile: 'Edit profile',
    deactivated: 'Deactivated. They can no longer sign in.',
    unknown: 'Nothing is known of this person on this computer.',
  },

  profile: { email: 'E-mail', timeZone: 'Time zone' },

  signOut: {
    title: 'Sign out',
    unsent: (n: number) =>
      n === 1
        ? '1 message has not been sent yet. It is lost when you sign out.'
        : `${count(n, 'message', 'messages')} have not been sent yet. They are lost when you sign out.`,
    confirmUnsent: 'Sign out and lose them',
    ask: 'Everything kept on this computer is removed. Your messages stay on the server.',
    confirm: 'Sign out',
  },
};
