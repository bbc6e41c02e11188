import { describe, expect, it } from 'vitest';

import { localeOf, systemLanguage } from './languages.ts';

describe('the language of the system', () => {
  it.each([
    [['de-AT', 'en-US'], 'de'],
    [['fr-FR', 'de-DE', 'en-US'], 'de'],
    [['EN-gb'], 'en'],
    [['fr-FR', 'C'], 'en'],
    [[], 'en'],
  ])('of %j is %s', (system, code) => {
    expect(systemLanguage(system)).toBe(code);
  });
});

describe('dates and numbers', () => {
  it.each([
    ['de', ['en-US', 'de-AT'], 'de-AT'],
    ['en', ['de-DE'], 'en-DE'],
    ['en', ['fr'], 'en-FR'],
    ['de', ['en-US'], 'de'],
    ['en', ['C', 'not a tag'], 'en'],
    ['de', ['de-'], 'de'],
    ['de', [], 'de'],
  ])('in %s on a system of %j are as in %s', (tag, system, locale) => {
    expect(localeOf(tag, system)).toBe(locale);
  });

  it('in English are those of the region', () => {
    const nineteen = Date.UTC(2026, 2, 10, 19);
    const hour = (system: string[]) =>
      new Intl.DateTimeFormat(localeOf('en', system), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(nineteen);
    expect(hour(['de-DE'])).toBe('19:00');
    expect(hour(['en-US'])).toMatch(/^7:00\sPM$/u);
  });
});
