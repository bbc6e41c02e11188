// What search and mentions say.

import { count } from './count.ts';

export const found = {
  search: {
    title: 'Search',
    open: 'Search messages',
    field: 'Search messages',
    placeholder: 'Words, or from: in: before: after:',
    suggestions: 'Filters to choose from',
    results: 'Messages that were found',
    where: 'Where',
    everywhere: 'Everywhere',
    order: 'Order',
    newest: 'Newest first',
    relevance: 'Best match first',
    counted: (n: number, more: boolean) => (more ? `More than ${count(n, 'message', 'messages')}` : count(n, 'message', 'messages')),
    nothing: (query: string) => `No message on this computer has “${query}”.`,
    nothingLead: 'Try fewer or other words. Older messages are found once they have been on this computer.',
    begin: 'Find what was said, in everything that is on this computer.',
    more: 'Show more',
    incomplete: 'Not all messages can be found yet. This computer is still reading them.',
    /** As they are typed; the English names work in every language. */
    filters: { from: 'from', in: 'in', before: 'before', after: 'after', on: 'on' },
    hints: {
      from: 'Messages of a person',
      in: 'Messages in a conversation',
      before: 'Messages before a day',
      after: 'Messages after a day',
      on: 'Messages of a day',
    },
    me: 'me',
    meHint: 'What you wrote',
    days: { today: 'today', yesterday: 'yesterday' },
    ago: { '7d': 'a week ago', '1m': 'a month ago', '1y': 'a year ago' },
    problems: {
      unknown_person: (value: string) => `Nobody is called “${value}”.`,
      unknown_conversation: (value: string) => `No conversation is called “${value}”.`,
      not_a_date: (value: string) => `“${value}” is not a day. Write 2026-03-14, today, yesterday or 7d.`,
      cannot_exclude: (value: string) => `A day cannot be left out with a minus: “${value}”.`,
      too_long: () => 'That is too much to search for. Use fewer words.',
    },
  },

  level: {
    title: 'Notifications',
    muted: 'Muted',
    choices: { usual: 'As usual', all: 'All messages', mentions: 'Mentions only', nothing: 'Nothing' },
  },

  mentions: {
    title: 'Mentions',
    channel: 'channel',
    here: 'here',
    list: 'Messages that mention you',
    empty: 'Nobody has mentioned you yet.',
    emptyLead: 'When somebody writes @ and your name, you find it here.',
    offline: 'Mentions can be shown when you are back online.',
    more: 'Show earlier mentions',
    unread: (n: number) => count(n, 'unread mention', 'unread mentions'),
  },
};
