// What time it is for somebody else, and how far that is from here.

import { text } from '#text/text.ts';
import { timeText, type Clock } from '#text/time.ts';

const MINUTE_MS = 60_000;

/** "16:41, 7 hours ahead of you"; empty where their zone is not known to this computer. */
export function localTimeText(zone: string, clock: Clock): string {
  try {
    const difference = (offset(clock.now, zone) - offset(clock.now, clock.zone)) / 60;
    return text.card.timeThere(timeText(clock.now, { ...clock, zone }), differenceText(difference));
  } catch {
    return '';
  }
}

function differenceText(hours: number): string {
  if (hours === 0) {
    return '';
  }
  const said = text.card.hours(Math.abs(hours));
  return hours > 0 ? text.card.ahead(said) : text.card.behind(said);
}

/** Minutes by which a zone is ahead of UTC at a moment. */
function offset(now: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(now);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const there = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
  return (there - Math.floor(now / MINUTE_MS) * MINUTE_MS) / MINUTE_MS;
}
