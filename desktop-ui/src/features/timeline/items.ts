// What stands in a timeline, line by line: days, folded events, messages in groups, the "New" line, unsent messages.

import type { Entry } from '#bridge/generated/Entry.ts';
import type { Failure } from '#bridge/generated/Failure.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { unsent, type Timeline } from '#bridge/timeline.ts';
import { dayKey, type Clock } from '#text/time.ts';

export type MessageEntry = Extract<Entry, { kind: 'message' }>;
export type EventEntry = Exclude<Entry, { kind: 'message' }>;

export interface Unsent {
  /** None while the host has not answered yet. */
  clientId: string | null;
  body: string;
  writtenAt: number;
  failure: Failure | null;
}

export type Item =
  | { kind: 'beginning'; key: string }
  | { kind: 'earlier'; key: string }
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string }
  | { kind: 'events'; key: string; entries: EventEntry[] }
  | { kind: 'message'; key: string; entry: MessageEntry; first: boolean }
  | { kind: 'unsent'; key: string; message: Unsent; first: boolean }
  | { kind: 'end'; key: string };

/** Messages of one author less than this apart form a group. */
const GROUP_MS = 5 * 60_000;

interface Asked {
  timeline: Timeline;
  me: UserId;
  /** The ordinal after which the "New" line stands; null for none. */
  newAfter: number | null;
  clock: Clock;
}

export function itemsOf({ timeline, me, newAfter, clock }: Asked): Item[] {
  const items: Item[] = [timeline.hasEarlier ? { kind: 'earlier', key: 'earlier' } : { kind: 'beginning', key: 'beginning' }];
  let day = '';
  let lineIsDue = newAfter !== null && timeline.entries.some((entry) => entry.ordinal <= newAfter);
  lineIsDue ||= newAfter === 0 && !timeline.hasEarlier;

  function startDay(at: number) {
    const key = dayKey(at, clock);
    if (key !== day) {
      day = key;
      items.push({ kind: 'day', key: `day ${key}`, at });
    }
  }

  for (const entry of timeline.entries) {
    startDay(entry.at);
    if (entry.kind !== 'message') {
      addEvent(items, entry);
      continue;
    }
    if (lineIsDue && newAfter !== null && entry.ordinal > newAfter) {
      lineIsDue = false;
      items.push({ kind: 'new', key: 'new' });
    }
    const first = !continues(items.at(-1), entry.author, entry.at, me);
    items.push({ kind: 'message', key: `${entry.author} ${entry.client_id}`, entry, first });
  }
  for (const message of unsentOf(timeline)) {
    startDay(message.writtenAt);
    const first = !continues(items.at(-1), me, message.writtenAt, me);
    items.push({ kind: 'unsent', key: message.key, message, first });
  }
  items.push({ kind: 'end', key: 'end' });
  return items;
}

function unsentOf(timeline: Timeline): (Unsent & { key: string })[] {
  const kept = unsent(timeline).map((message) => ({
    key: `unsent ${message.client_id}`,
    clientId: message.client_id,
    body: message.body,
    writtenAt: message.written_at,
    failure: message.failure,
  }));
  const pressed = timeline.sending.map((send) => ({
    key: send.localId,
    clientId: null,
    body: send.body,
    writtenAt: send.writtenAt,
    failure: null,
  }));
  return [...kept, ...pressed];
}

/** Runs of joining, leaving and renaming are one line. */
function addEvent(items: Item[], entry: EventEntry) {
  const last = items.at(-1);
  if (last?.kind === 'events') {
    items[items.length - 1] = { ...last, entries: [...last.entries, entry] };
  } else {
    items.push({ kind: 'events', key: `events ${entry.seq}`, entries: [entry] });
  }
}

function continues(last: Item | undefined, author: UserId, at: number, me: UserId): boolean {
  if (last?.kind === 'message') {
    return last.entry.author === author && at - last.entry.at < GROUP_MS;
  }
  if (last?.kind === 'unsent') {
    return author === me && at - last.message.writtenAt < GROUP_MS;
  }
  return false;
}
