// One conversation as the window holds it: the stored entries it has loaded, and what is still on its way.
// Pure functions; live-cache.ts calls them.

import type { Entry } from './generated/Entry';
import type { OpenConversation } from './generated/OpenConversation';
import type { PendingMessage } from './generated/PendingMessage';
import type { TimelinePage } from './generated/TimelinePage';

/** A message between the key press and the moment the host has written it down. */
export interface LocalSend {
  localId: string;
  body: string;
  writtenAt: number;
}

export interface Timeline {
  /** Ascending and dense in seq. */
  entries: Entry[];
  hasEarlier: boolean;
  /** What the host keeps and the server has not stored yet. */
  pending: PendingMessage[];
  /** What the host has not answered yet, in the order of the key presses. */
  sending: LocalSend[];
  draft: string;
}

/** Entries kept in memory for a conversation nobody looks at; the rest is on disk. */
const RESTING_ENTRIES = 200;

export function opened(open: OpenConversation): Timeline {
  return {
    entries: open.page.entries,
    hasEarlier: open.page.has_earlier,
    pending: open.pending,
    sending: [],
    draft: open.draft,
  };
}

/** Entries that continue the timeline; null when there is a hole between and the conversation must be opened again. */
export function appended(timeline: Timeline, entries: readonly Entry[], me: string | null): Timeline | null {
  const last = timeline.entries.at(-1)?.seq ?? 0;
  const fresh = entries.filter((entry) => entry.seq > last);
  const first = fresh[0];
  if (first === undefined) {
    return timeline;
  }
  if (timeline.entries.length > 0 && first.seq !== last + 1) {
    return null;
  }
  let next: Timeline = {
    ...timeline,
    entries: [...timeline.entries, ...fresh],
    hasEarlier: timeline.entries.length > 0 ? timeline.hasEarlier : first.seq > 1,
  };
  for (const entry of fresh) {
    const known = timeline.pending.some((pending) => pending.client_id === entry.client_id);
    if (entry.kind === 'message' && entry.author === me && !known) {
      next = adopt(next, entry.body);
    }
  }
  return next;
}

/** The host's list of unsent messages replaces the one before. */
export function withPending(timeline: Timeline, pending: PendingMessage[]): Timeline {
  const before = new Set(timeline.pending.map((message) => message.client_id));
  let next: Timeline = { ...timeline, pending };
  for (const message of pending) {
    if (!before.has(message.client_id)) {
      next = adopt(next, message.body);
    }
  }
  return next;
}

export function withEarlier(timeline: Timeline, page: TimelinePage): Timeline {
  const first = timeline.entries[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.entries.filter((entry) => entry.seq < first);
  return { ...timeline, entries: [...older, ...timeline.entries], hasEarlier: page.has_earlier };
}

export function withSend(timeline: Timeline, send: LocalSend): Timeline {
  return { ...timeline, sending: [...timeline.sending, send] };
}

export function withoutSend(timeline: Timeline, localId: string): Timeline {
  return { ...timeline, sending: timeline.sending.filter((send) => send.localId !== localId) };
}

/** The host wrote the message down under its own id; it may have told so by a change already. */
export function accepted(timeline: Timeline, localId: string, message: PendingMessage): Timeline {
  if (!timeline.sending.some((send) => send.localId === localId)) {
    return timeline;
  }
  const next = withoutSend(timeline, localId);
  const known =
    next.pending.some((pending) => pending.client_id === message.client_id) ||
    next.entries.some((entry) => entry.client_id === message.client_id);
  return known ? next : { ...next, pending: [...next.pending, message] };
}

/** What is still on its way: an entry that came before its `pending` change is not shown twice. */
export function unsent(timeline: Timeline): PendingMessage[] {
  if (timeline.pending.length === 0) {
    return timeline.pending;
  }
  const newest = new Set(timeline.entries.slice(-RESTING_ENTRIES).map((entry) => entry.client_id));
  return timeline.pending.filter((message) => !newest.has(message.client_id));
}

/** Lets go of what was scrolled to, once the conversation is left. */
export function rested(timeline: Timeline): Timeline {
  if (timeline.entries.length <= RESTING_ENTRIES) {
    return timeline;
  }
  return { ...timeline, entries: timeline.entries.slice(-RESTING_ENTRIES), hasEarlier: true };
}

/** A message from the host that carries the text of the oldest unanswered send is that send. */
function adopt(timeline: Timeline, body: string): Timeline {
  const oldest = timeline.sending[0];
  return oldest?.body === body ? { ...timeline, sending: timeline.sending.slice(1) } : timeline;
}
