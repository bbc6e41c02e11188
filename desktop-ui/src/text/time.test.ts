import { describe, expect, it } from 'vitest';

import { MORNING } from '#testing/builders.ts';

import { dayText, momentInSentence, momentText, recentText, timeText, type Clock } from './time.ts';

const HOUR = 3_600_000;
const clock: Clock = { now: MORNING, locale: 'en-GB', zone: 'Europe/Berlin' };

describe('a time', () => {
  it('is told in the zone of the reader', () => {
    expect(timeText(MORNING, clock)).toBe('10:00');
  });

  it('has a word for its day that a person would use', () => {
    const days = [0, 1, 2, 30, 400].map((ago) => dayText(MORNING - ago * 24 * HOUR, clock).replace(',', ''));
    // Whether a comma follows the weekday differs between versions of the locale data.
    expect(days).toEqual(['Today', 'Yesterday', 'Sunday 8 March', 'Sunday 8 February', 'Monday 3 February 2025']);
  });

  it('belongs to the day of the reader, not of the server', () => {
    // 23:30 UTC on the 9th is half past midnight on the 10th in Berlin.
    expect(dayText(MORNING - 9.5 * HOUR, clock)).toBe('Today');
    expect(dayText(MORNING - 9.5 * HOUR, { ...clock, zone: 'UTC' })).toBe('Yesterday');
  });

  it('in a list is as short as it can be', () => {
    const recent = [0, 1, 3, 30].map((ago) => recentText(MORNING - ago * 24 * HOUR, clock));
    expect(recent).toEqual(['10:00', 'Yesterday', 'Sat', '8 Feb']);
  });

  it('in a sentence has its time while that matters', () => {
    const moments = [0, 1, 3, 30, 400].map((ago) => momentText(MORNING - ago * 24 * HOUR, clock));
    expect(moments).toEqual(['10:00', 'Yesterday 10:00', 'Sat 10:00', '8 Feb', '3 Feb 2025']);
  });

  it('inside a sentence is said as people say it, also for what is to come', () => {
    const moments = [0, 1, 3, 30, 400, -1, -3].map((ago) => momentInSentence(MORNING - ago * 24 * HOUR, clock));
    expect(moments).toEqual([
      'at 10:00',
      'yesterday at 10:00',
      'on Saturday at 10:00',
      'on 8 February',
      'on 3 February 2025',
      'tomorrow at 10:00',
      'on Friday at 10:00',
    ]);
  });

  it('across the change to summer time is still one day ago', () => {
    const after = Date.UTC(2026, 2, 30, 6);
    expect(dayText(after - 24 * HOUR, { ...clock, now: after })).toBe('Yesterday');
  });
});
