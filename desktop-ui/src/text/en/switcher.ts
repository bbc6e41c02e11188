// What the quick switcher says.

import { count } from './count.ts';

export const switcher = {
  switcher: {
    open: 'Jump to',
    title: 'Jump to a conversation or a person',
    placeholder: 'Name of a person or a channel',
    results: 'Conversations and people',
    found: (n: number) => (n === 0 ? 'Nothing found' : count(n, 'result', 'results')),
    nothing: (query: string) => `Nobody and no channel is called “${query}”.`,
    nothingYet: 'There is nobody to write to yet.',
    join: 'Join',
    write: 'Write',
    archived: 'Archived',
    mentioned: (n: number) => count(n, 'mention', 'mentions'),
    choose: 'choose',
    go: 'open',
    close: 'close',
  },
};
