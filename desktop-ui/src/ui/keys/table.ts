// Every key of the window, once. What handles a key and what shows it to people both read it here.
//
// A press is written as `Mod+Shift+P`: modifiers, then the key as the browser names it. `Mod` is Ctrl, on a Mac Cmd.

export const KEY_GROUPS = ['everywhere', 'conversations', 'writing', 'messages'] as const;

export type KeyGroup = (typeof KEY_GROUPS)[number];

export interface KeyMeaning {
  group: KeyGroup;
  /** Ways to press it, the one that is told first. */
  ways: readonly string[];
  /** On a Mac instead, where the keys mean something else in a text. */
  mac?: readonly string[];
  /** What works as well and would only make the list longer. */
  also?: readonly string[];
  /** Instead, for whoever begins a new line with Enter. */
  enterBreaks?: readonly string[];
}

const table = {
  switcher: { group: 'everywhere', ways: ['Mod+K'] },
  search: { group: 'everywhere', ways: ['Mod+F'] },
  newMessage: { group: 'everywhere', ways: ['Mod+N'] },
  back: { group: 'everywhere', ways: ['Alt+ArrowLeft', 'Mod+['], mac: ['Mod+['], also: ['BrowserBack'] },
  forward: { group: 'everywhere', ways: ['Alt+ArrowRight', 'Mod+]'], mac: ['Mod+]'], also: ['BrowserForward'] },
  nextRegion: { group: 'everywhere', ways: ['F6'] },
  previousRegion: { group: 'everywhere', ways: ['Shift+F6'] },
  close: { group: 'everywhere', ways: ['Escape'] },
  settings: { group: 'everywhere', ways: ['Mod+,'] },
  keys: { group: 'everywhere', ways: ['Mod+/'] },
  quit: { group: 'everywhere', ways: ['Mod+Q'] },
  // Without Shift, and on the keys of numbers, the same sign has other names.
  larger: { group: 'everywhere', ways: ['Mod++'], also: ['Mod+='] },
  smaller: { group: 'everywhere', ways: ['Mod+-'], also: ['Mod+_'] },
  ordinarySize: { group: 'everywhere', ways: ['Mod+0'] },

  previous: { group: 'conversations', ways: ['Alt+ArrowUp'] },
  next: { group: 'conversations', ways: ['Alt+ArrowDown'] },
  previousUnread: { group: 'conversations', ways: ['Alt+Shift+ArrowUp'] },
  nextUnread: { group: 'conversations', ways: ['Alt+Shift+ArrowDown'] },
  nth: { group: 'conversations', ways: ['Mod+1–9'] },
  rowMenu: { group: 'conversations', ways: ['Shift+F10'], also: ['ContextMenu'] },

  send: { group: 'writing', ways: ['Enter'], also: ['Mod+Enter'], enterBreaks: ['Mod+Enter'] },
  // The text field does it by itself.
  newLine: { group: 'writing', ways: ['Shift+Enter'], enterBreaks: ['Enter'] },
  preview: { group: 'writing', ways: ['Mod+Shift+P'] },
  editLast: { group: 'writing', ways: ['ArrowUp'] },

  walkUp: { group: 'messages', ways: ['ArrowUp'] },
  walkDown: { group: 'messages', ways: ['ArrowDown'] },
  walkStart: { group: 'messages', ways: ['Home'] },
  walkEnd: { group: 'messages', ways: ['End'] },
  react: { group: 'messages', ways: ['+'] },
  reply: { group: 'messages', ways: ['R'] },
  edit: { group: 'messages', ways: ['E'] },
  pin: { group: 'messages', ways: ['P'] },
  copy: { group: 'messages', ways: ['Mod+C'] },
  markUnread: { group: 'messages', ways: ['U'] },
  remove: { group: 'messages', ways: ['Delete'] },
  messageMenu: { group: 'messages', ways: ['Shift+F10'], also: ['ContextMenu'] },
} as const satisfies Record<string, KeyMeaning>;

export type KeyName = keyof typeof table;

export const KEYS: Record<KeyName, KeyMeaning> = table;

export const KEY_NAMES = Object.keys(table) as KeyName[];
