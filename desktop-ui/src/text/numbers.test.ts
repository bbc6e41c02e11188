import { afterEach, expect, it } from 'vitest';

import { numberText, percentText, sizeText } from './numbers.ts';
import { byName } from './order.ts';
import { speak, text } from './text.ts';
import { dayText, fullText, momentInSentence, recentText, timeText } from './time.ts';

afterEach(() => speak('en'));

/** The spaces that keep a number and its unit on one line are of several kinds. */
const plain = (written: string) => written.replaceAll(/\s/gu, ' ');

it('numbers are written as the language writes them', async () => {
  expect([1204, 5.5, 1 / 3].map(numberText)).toEqual(['1,204', '5.5', '0.33']);
  expect(plain(percentText(137))).toBe('137%');
  expect([1, 900, 2.55 * 1024 * 1024, 3 * 1024 ** 4].map(sizeText).map(plain)).toEqual(['1 byte', '900 byte', '2.6 MB', '3,072 GB']);

  await speak('de', ['de-DE']);
  expect([1204, 5.5].map(numberText)).toEqual(['1.204', '5,5']);
  expect(plain(percentText(137))).toBe('137 %');
  expect(plain(sizeText(2.55 * 1024 * 1024))).toBe('2,6 MB');
  expect(text.people.addSome(1204)).toBe('1.204 Personen hinzufügen');
  expect(text.settings.devices.endOthersLead(1)).toMatch(/^1 Gerät wird sofort abgemeldet, und was darauf /u);
});

it('a byte too many never reads as if it fitted', () => {
  expect(plain(sizeText(1024 * 1024 + 1))).toBe('1.1 MB');
});

it('times are said in the language of the sentences', async () => {
  await speak('de', ['de-DE']);
  const now = Date.UTC(2026, 2, 10, 9);
  const clock = { now, zone: 'Europe/Berlin' };
  const DAY = 86_400_000;
  expect(timeText(now, clock)).toBe('10:00');
  expect(dayText(now - 30 * DAY, clock)).toBe('Sonntag, 8. Februar');
  expect(recentText(now - 3 * DAY, clock)).toMatch(/^Sa/u);
  expect([0, 1, -1, 3, 30].map((ago) => momentInSentence(now - ago * DAY, clock))).toEqual([
    'um 10:00',
    'gestern um 10:00',
    'morgen um 10:00',
    'am Samstag um 10:00',
    'am 8. Februar',
  ]);
  expect(fullText(now, clock)).toContain('Dienstag, 10. März 2026');
});

it('names stand in the order of the language', async () => {
  await speak('de', ['de-DE']);
  const names = ['Zoë', 'team 10', 'Ärger', 'Arbeit', 'team 2', 'Österreich', 'Oslo'];
  expect(names.sort(byName)).toEqual(['Arbeit', 'Ärger', 'Oslo', 'Österreich', 'team 2', 'team 10', 'Zoë']);
});
