// Times as a person says them: "09:41" today, "Yesterday 09:41", the weekday within a week, then the date.
// The moment it is now and the zone come in as parameters; the locale is that of the language in use.

import { locale, text } from './text.ts';

export interface Clock {
  now: number;
  /** Otherwise that of the language in use. */
  locale?: string | undefined;
  zone?: string | undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(clock: Clock, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const spoken = clock.locale ?? locale;
  const key = `${spoken} ${clock.zone ?? ''} ${JSON.stringify(options)}`;
  let held = formats.get(key);
  if (held === undefined) {
    held = new Intl.DateTimeFormat(spoken, { ...options, timeZone: clock.zone });
    formats.set(key, held);
  }
  return held;
}

/** "09:41" */
export function timeText(at: number, clock: Clock): string {
  return format(clock, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** "9:41" of "9:41 AM", where there is no room for more. */
export function shortTimeText(at: number, clock: Clock): string {
  const parts = format(clock, { hour: '2-digit', minute: '2-digit' }).formatToParts(at);
  return parts.map((part) => (part.type === 'dayPeriod' ? '' : part.value)).join('').trim();
}

/** The day as "2025-10-14", for telling days apart. */
export function dayKey(at: number, clock: Clock): string {
  return format({ ...clock, locale: 'sv' }, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** Whole calendar days between a moment and now. */
function daysAgo(at: number, clock: Clock): number {
  return Math.round((Date.parse(dayKey(clock.now, clock)) - Date.parse(dayKey(at, clock))) / 86_400_000);
}

/** For a separator: "Today", "Yesterday", "Tuesday 14 October", with the year when it is another. */
export function dayText(at: number, clock: Clock): string {
  const ago = daysAgo(at, clock);
  if (ago === 0) {
    return text.time.today;
  }
  if (ago === 1) {
    return text.time.yesterday;
  }
  const sameYear = dayKey(at, clock).slice(0, 4) === dayKey(clock.now, clock).slice(0, 4);
  return format(clock, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** For a list: "09:41", "Yesterday", "Tuesday", "14 Oct". */
export function recentText(at: number, clock: Clock): string {
  const ago = daysAgo(at, clock);
  if (ago <= 0) {
    return timeText(at, clock);
  }
  if (ago === 1) {
    return text.time.yesterday;
  }
  return ago < 7
    ? format(clock, { weekday: 'short' }).format(at)
    : format(clock, { day: 'numeric', month: 'short' }).format(at);
}

/** In a sentence: "09:41", "Yesterday 09:41", "Tue 09:41", "14 Oct", with the year when it is another. */
export function momentText(at: number, clock: Clock): string {
  const ago = daysAgo(at, clock);
  if (ago <= 0) {
    return timeText(at, clock);
  }
  if (ago === 1) {
    return text.time.yesterdayAt(timeText(at, clock));
  }
  if (ago < 7) {
    return `${format(clock, { weekday: 'short' }).format(at)} ${timeText(at, clock)}`;
  }
  const sameYear = dayKey(at, clock).slice(0, 4) === dayKey(clock.now, clock).slice(0, 4);
  return format(clock, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }).format(at);
}

/** Inside a sentence: "at 09:41", "yesterday at 09:41", "on Tuesday at 09:41", "on 14 October". Also for what is to come. */
export function momentInSentence(at: number, clock: Clock): string {
  const ago = daysAgo(at, clock);
  const time = timeText(at, clock);
  if (ago === 0) {
    return text.time.at(time);
  }
  if (ago === 1 || ago === -1) {
    return ago === 1 ? text.time.yesterdayInSentence(time) : text.time.tomorrowInSentence(time);
  }
  if (Math.abs(ago) < 7) {
    return text.time.onDayAt(format(clock, { weekday: 'long' }).format(at), time);
  }
  const sameYear = dayKey(at, clock).slice(0, 4) === dayKey(clock.now, clock).slice(0, 4);
  return text.time.on(
    format(clock, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(at),
  );
}

/** A date by itself: "14 October 2025". */
export function dateText(at: number, clock: Omit<Clock, 'now'> = {}): string {
  return format({ ...clock, now: at }, { dateStyle: 'long' }).format(at);
}

/** On hover: the full date and time. */
export function fullText(at: number, clock: Clock): string {
  return format(clock, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}
