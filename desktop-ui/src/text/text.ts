// The sentences of the language in use. A further language is an object of type `Text` in a file of its own, added to
// `languages`; the compiler names every sentence it lacks.

import { en } from './en.ts';

export type Text = typeof en;

const languages: Record<string, Text> = { en };

export const text: Text = languages[navigator.language.slice(0, 2)] ?? en;
