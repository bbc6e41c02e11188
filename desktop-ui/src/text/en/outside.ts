// What the app says outside its window: on notifications and in the tray. The resident part of the app begins with the
// same words and replaces what stands in braces; `{keys}` is replaced before they are handed over.

import type { Words } from '#bridge/device/Words.ts';

const words: Words = {
  app: 'Loquat',
  new_message: 'New message',
  in_channel: '{author} in #{channel}',
  in_group: '{author} to the group',
  somebody: 'Somebody',
  open: 'Open',
  quit: 'Quit Loquat',
  pause: 'Pause notifications for an hour',
  test_title: 'Notifications work',
  test_body: 'This is how a message is told.',
  hidden_title: 'Loquat goes on in the background',
  hidden_body: 'You are told of new messages. Quit with {keys} or in the tray.',
  unread: 'Unread: {count}',
  nothing_unread: 'Nothing unread',
};

export const outside = { outside: words };
