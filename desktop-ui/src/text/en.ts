// Every sentence a person reads, in English. Another language is another object of the same shape; see text.ts.
// Sentence case, plain, second person, no exclamation marks. What happened, then what to do.

import { administration } from './en/administration.ts';
import { count } from './en/count.ts';
import { found } from './en/found.ts';
import { frame } from './en/frame.ts';
import { keys } from './en/keys.ts';
import { messages } from './en/messages.ts';
import { network } from './en/network.ts';
import { notifications } from './en/notifications.ts';
import { organisation } from './en/organisation.ts';
import { outside } from './en/outside.ts';
import { people } from './en/people.ts';
import { settings } from './en/settings.ts';
import { signIn } from './en/sign-in.ts';
import { support } from './en/support.ts';
import { switcher } from './en/switcher.ts';
import { updates } from './en/updates.ts';

export const en = {
  appName: 'Loquat',

  failure: {
    invalidAddress: 'That is not a server address. It looks like chat.example.org.',
    serverNotAllowed: (host: string) => `Your organisation does not let this device sign in at ${host}.`,
    unreachable: (host: string) => `Can't reach ${host}. Check the address or your network.`,
    serverAway: "Can't reach the server. Check your network and try again.",
    notLoquat: (host: string) => `${host} answers, but it is not a Loquat server. Check the address.`,
    signedOut: 'You are signed out. Sign in again to go on.',
    storage: 'The disk of this computer cannot be used. Free some space on it and try again.',
    unexpected: 'Something went wrong in this app. Try again.',
    tryIn: (wait: string) => `Try again in ${wait}.`,
    tryLater: 'Try again later.',
    tooManyCodes: 'Too many codes were asked for.',
    tooMany: 'That was too often.',
    codeWrong: 'That code is not right.',
    triesLeft: (n: number) => `${count(n, 'try', 'tries')} left.`,
    codeExpired: 'This code has expired. Send a new one.',
    codeUsedUp: 'This code was tried too often. Send a new one.',
    invalidEmail: 'That is not an e-mail address. It looks like you@example.org.',
    domainNotAllowed: 'This e-mail address may not sign in here. Use the one from your company.',
    deactivated: 'This account is deactivated. Ask an administrator of your workspace.',
    invalidName: 'This name cannot be used. Use 1 to 80 characters on one line.',
    nameTaken: 'Another channel has this name. Choose a different one.',
    unknownPerson: 'This person is no longer in the workspace.',
    membersFixed: 'The people in this conversation cannot change. Start a new one.',
    tooManyMembers: 'These are too many people for one group. Create a channel instead.',
    bodyEmpty: 'The message is empty.',
    bodyTooLong: 'The message is too long. Split it into several.',
    forbidden: 'You may not do this.',
    notFound: 'This is no longer here.',
    storageFull: "The server's disk is full. Tell whoever runs it, and try again.",
    unavailable: 'The server cannot do this just now. Try again in a moment.',
    lastAdministrator: 'This is the last administrator. Make somebody else an administrator first.',
    invitationInvalid: 'This invitation was used, withdrawn or has expired. Ask for a new one.',
    alreadyAMember: 'This person is in the workspace already.',
    invalidDomain: 'That is not a domain. It looks like example.org.',
    invalidPicture: 'This file is not a picture that can be used. Choose a PNG, JPEG or WebP of at most 1 MB.',
    archived: 'This channel is archived and can only be read.',
    messageDeleted: 'This message was deleted.',
    invalidEmoji: 'That is not an emoji.',
    tooManyReactions: 'This message has too many different reactions. Add to one that is there.',
    versionMismatch: 'The server did not understand this app. It may be an older or newer version.',
    internal: 'The server made a mistake. Try again.',
    serverFault: 'The server made a mistake.',
  },

  wait: {
    seconds: (n: number) => count(n, 'second', 'seconds'),
    minutes: (n: number) => count(n, 'minute', 'minutes'),
    hours: (n: number) => count(n, 'hour', 'hours'),
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

  dialog: { cancel: 'Cancel', close: 'Close', tryAgain: 'Try again' },

  time: {
    today: 'Today',
    yesterday: 'Yesterday',
    yesterdayAt: (time: string) => `Yesterday ${time}`,
    at: (time: string) => `at ${time}`,
    yesterdayInSentence: (time: string) => `yesterday at ${time}`,
    tomorrowInSentence: (time: string) => `tomorrow at ${time}`,
    onDayAt: (day: string, time: string) => `on ${day} at ${time}`,
    on: (day: string) => `on ${day}`,
  },

  stuck: {
    title: "Loquat can't start",
    tryAgain: 'Try again',
  },

  broken: {
    title: 'This window has stopped',
    lead: 'Nothing you sent is lost. Open it again to go on.',
    reload: 'Open again',
    details: 'What happened',
  },
};
