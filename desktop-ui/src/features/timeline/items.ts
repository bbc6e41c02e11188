// What stands in a timeline, line by line: days, folded events, messages in groups, the "New" line, unsent messages.

import type { Entry } from '#bridge/generated/Entry.ts';
import type { Failure } from '#bridge/generated/Failure.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import type { ReplyView } from '#bridge/generated/ReplyView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { shownStretch, unsent, type Timeline } from '#bridge/timeline.ts';
import { dayKey, type Clock } from '#text/time.ts';

export interface Unsent {
  /** None while the host has not answered yet. */
  clientId: string | null;
  body: string;
  reply: ReplyView | null;
  writtenAt: number;
  failure: Failure | null;
}

export type Item =
  | { kind: 'beginning'; key: string }
  | { kind: 'earlier'; key: string }
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string }
  | { kind: 'events'; key: string; entries: Entry[] }
  | { kind: 'message'; key: string; message: MessageView; first: boolean; seenBy: readonly UserId[] }
  | { kind: 'unsent'; key: string; message: Unsent; first: boolean }
  | { kind: 'later'; key: string }
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
  const stretch = shownStretch(timeline);
  const items: Item[] = [stretch.hasEarlier ? { kind: 'earlier', key: 'earlier' } : { kind: 'beginning', key: 'beginning' }];
  const seenBy = seenByOf(timeline, me);
  let day = '';
  let lineIsDue = newAfter !== null && stretch.items.some((item) => item.ordinal <= newAfter);
  lineIsDue ||= newAfter === 0 && !stretch.hasEarlier;

  function startDay(at: number) {
    const key = dayKey(at, clock);
    if (key !== day) {
      day = key;
      items.push({ kind: 'day', key: `day ${key}`, at });
    }
  }

  for (const item of stretch.items) {
    startDay(item.at);
    if (item.item !== 'message') {
      addEvent(items, item);
      continue;
    }
    if (lineIsDue && newAfter !== null && item.ordinal > newAfter) {
      lineIsDue = false;
      items.push({ kind: 'new', key: 'new' });
    }
    const first = item.reply !== null || !continues(items.at(-1), item.author, item.at, me);
    const key = `${item.author} ${item.client_id}`;
    items.push({ kind: 'message', key, message: item, first, seenBy: seenBy.get(item.ordinal) ?? NOBODY });
  }
  if (timeline.away !== null) {
    items.push({ kind: 'later', key: 'later' });
    return items;
  }
  for (const message of unsentOf(timeline)) {
    startDay(message.writtenAt);
    const first = message.reply !== null || !continues(items.at(-1), me, message.writtenAt, me);
    items.push({ kind: 'unsent', key: message.key, message, first });
  }
  items.push({ kind: 'end', key: 'end' });
  return items;
}

const NOBODY: readonly UserId[] = [];

/** Who has read up to which message and not further, by its ordinal; authors have read what they wrote. */
function seenByOf(timeline: Timeline, me: UserId): ReadonlyMap<number, readonly UserId[]> {
  const seen = new Map<number, UserId[]>();
  if (timeline.receipts.length === 0) {
    return seen;
  }
  const wrote = new Map<UserId, number>();
  for (const item of timeline.items) {
    if (item.item === 'message') {
      wrote.set(item.author, item.ordinal);
    }
  }
  for (const { person, ordinal } of timeline.receipts) {
    // Whoever answered has read; their own message below says so already.
    if (person !== me && ordinal > (wrote.get(person) ?? 0)) {
      seen.set(ordinal, [...(seen.get(ordinal) ?? []), person]);
    }
  }
  return seen;
}

function unsentOf(timeline: Timeline): (Unsent & { key: string })[] {
  const kept = unsent(timeline).map((message) => ({
    key: `unsent ${message.client_id}`,
    clientId: message.client_id,
    body: message.body,
    reply: message.reply,
    writtenAt: message.written_at,
    failure: message.failure,
  }));
  const pressed = timeline.sending.map((send) => ({
    key: send.localId,
    clientId: null,
    body: send.body,
    reply: send.reply,
    writtenAt: send.writtenAt,
    failure: null,
  }));
  return [...kept, ...pressed];
}

/** Runs of joining, leaving and renaming are one line. */
function addEvent(items: Item[], entry: Entry) {
  const last = items.at(-1);
  if (last?.kind === 'events') {
    items[items.length - 1] = { ...last, entries: [...last.entries, entry] };
  } else {
    items.push({ kind: 'events', key: `events ${entry.seq}`, entries: [entry] });
  }
}

function continues(last: Item | undefined, author: UserId, at: number, me: UserId): boolean {
  if (last?.kind === 'message') {
    return last.message.author === author && at - last.message.at < GROUP_MS;
  }
  if (last?.kind === 'unsent') {
    return author === me && at - last.message.writtenAt < GROUP_MS;
  }
  return false;
}
