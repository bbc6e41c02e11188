import { expect, it } from 'vitest';

import { MORNING } from '#testing/builders.ts';

import { localTimeText } from './local-time.ts';

const clock = { now: MORNING, locale: 'en-GB', zone: 'Europe/Berlin' };

it.each([
  ['Europe/Berlin', '10:00'],
  ['Europe/Madrid', '10:00'],
  ['Europe/London', '09:00, 1 hour behind you'],
  ['Asia/Singapore', '17:00, 7 hours ahead of you'],
  ['Asia/Kolkata', '14:30, 4.5 hours ahead of you'],
  ['America/Los_Angeles', '02:00, 8 hours behind you'],
  ['Pacific/Auckland', '22:00, 12 hours ahead of you'],
  ['Mars/Olympus_Mons', ''],
])('in %s it is %j', (zone, said) => {
  expect(localTimeText(zone, clock)).toBe(said);
});
