import { afterEach, expect, it } from 'vitest';

import { speak, text } from '#text/text.ts';

import { addPseudoLanguages } from './pseudo-languages.ts';

addPseudoLanguages();
afterEach(() => speak('en'));

it('from right to left turns the page and leaves names as they are', async () => {
  await speak('rtl');
  expect(document.documentElement).toHaveAttribute('dir', 'rtl');
  expect(document.documentElement).toHaveAttribute('lang', 'he');
  expect(text.channels.joinNamed('harvest')).toMatch(/^[א-ת]+ #\u{2068}harvest\u{2069}$/u);
  await speak('en');
  expect(document.documentElement).toHaveAttribute('dir', 'ltr');
});

it('a value keeps its direction within a sentence, where that makes a difference', async () => {
  const apart = (name: string) => `\u{2068}${name}\u{2069}`;
  expect(text.events.and('Mei', 'עדה')).toBe(`Mei and ${apart('עדה')}`);
  expect(text.events.and('Mei', 'Tom')).toBe('Mei and Tom');
  await speak('rtl');
  expect(text.composer.replyingTo('Mei (you)')).toContain(apart('Mei (you)'));
  expect(text.settings.devices.active('')).not.toContain(apart(''));
});

it('long words are longer, with the same values', async () => {
  const short = [text.settings.title, text.people.addSome(3)];
  await speak('long');
  const long = [text.settings.title, text.people.addSome(3)];
  expect(long.map((sentence, at) => sentence.length / (short[at]?.length ?? 1)).every((ratio) => ratio > 1.2)).toBe(true);
  expect(long[1]).toContain('3');
});
