// One conversation as the window holds it: the stretch at its end, a stretch further up if the reader went there, and
// what is still on its way. Pure functions; live-cache.ts calls them.

import type { MessageAct } from './generated/MessageAct';
import type { MessageView } from './generated/MessageView';
import type { OpenConversation } from './generated/OpenConversation';
import type { PendingMessage } from './generated/PendingMessage';
import type { ReactionView } from './generated/ReactionView';
import type { ReceiptView } from './generated/ReceiptView';
import type { ReplyView } from './generated/ReplyView';
import type { TimelineItem } from './generated/TimelineItem';
import type { TimelinePage } from './generated/TimelinePage';
import type { UserId } from './generated/UserId';

/** A message between the key press and the moment the host has written it down. */
export interface LocalSend {
  localId: string;
  body: string;
  reply: ReplyView | null;
  writtenAt: number;
}

/** Part of a conversation without a hole. Items ascend in seq; entries that are no items lie between them. */
export interface Stretch {
  items: TimelineItem[];
  /** The seq of the first and of the last entry, items or not; 0 when it is empty. */
  first: number;
  last: number;
  hasEarlier: boolean;
}

/** A place in a conversation: a message, and how far below the upper edge it begins. */
export interface Anchor {
  seq: number;
  below: number;
}

/** A message that is led to. With a `below` it comes back to where it stood; with none it is pointed at. */
interface Target {
  seq: number;
  below: number | null;
  asked: number;
}

/** The stretch at the end, and all else. */
export interface Timeline extends Stretch {
  /** Where the reader went by a link or a quote, with a hole between it and the end; null at home. */
  away: Stretch | null;
  /** How often what is on screen was replaced instead of continued. */
  moves: number;
  /** The message to show next, and how often that was asked for. */
  target: Target | null;
  /** What the host keeps and the server has not stored yet. */
  pending: PendingMessage[];
  /** What the host has not answered yet, in the order of the key presses. */
  sending: LocalSend[];
  draft: string;
  /** How far others have read; empty for channels. */
  receipts: ReceiptView[];
}

/** Items kept in memory for a conversation nobody looks at; the rest is on disk. */
const RESTING_ITEMS = 200;

export function opened(open: OpenConversation): Timeline {
  return {
    ...stretchOf(open.page),
    away: null,
    moves: 0,
    target: null,
    pending: open.pending,
    sending: [],
    draft: open.draft,
    receipts: open.receipts,
  };
}

/** What is opened by a window that was started again: at the place where the reader was, if it can be had. */
export function begun(open: OpenConversation, page: TimelinePage | null, place: Anchor | null): Timeline {
  const now = opened(open);
  const there = page === null ? now : withAround(now, page);
  return place === null || heldMessage(there, place.seq) === null ? there : withTarget(there, place.seq, place.below);
}

/** What was opened again, with what only the window knows. `page` is around where the reader is, if not at the end. */
export function reopened(before: Timeline, open: OpenConversation, page: TimelinePage | null): Timeline {
  const kept = { ...opened(open), moves: before.moves + 1, target: before.target, sending: before.sending };
  return page === null ? kept : joined({ ...kept, away: stretchOf(page) });
}

/** What is on screen: the stretch the reader went to, or the one at the end. */
export function shownStretch(timeline: Timeline): Stretch {
  return timeline.away ?? timeline;
}

/** The message with this seq, if it is held. */
export function heldMessage(timeline: Timeline, seq: number): MessageView | null {
  for (const stretch of [shownStretch(timeline), timeline]) {
    const found = stretch.items.find((item) => item.item === 'message' && item.seq === seq);
    if (found?.item === 'message') {
      return found;
    }
  }
  return null;
}

/**
 * Items that continue the timeline. Entries that are no items are counted by `last` only, so a gap between two items is
 * no hole; the host promises that these come directly after what it told before.
 */
export function appended(timeline: Timeline, items: readonly TimelineItem[], last: number, me: UserId | null): Timeline {
  if (last <= timeline.last) {
    return timeline;
  }
  const fresh = items.filter((item) => item.seq > timeline.last);
  const first = timeline.first === 0 ? (fresh[0]?.seq ?? last) : timeline.first;
  let next: Timeline = {
    ...timeline,
    items: fresh.length === 0 ? timeline.items : [...timeline.items, ...fresh],
    first,
    last,
    hasEarlier: timeline.hasEarlier || (timeline.first === 0 && first > 1),
  };
  for (const item of fresh) {
    const known = timeline.pending.some((pending) => pending.client_id === item.client_id);
    if (item.item === 'message' && item.author === me && !known) {
      next = adopt(next, item.body);
    }
  }
  return next;
}

/** Messages that are different now, wherever they are held, and what is quoted of them. */
export function withMessages(timeline: Timeline, messages: readonly MessageView[]): Timeline {
  const changed = new Map(messages.map((message) => [message.seq, message]));
  const home = changedStretch(timeline, changed);
  const away = timeline.away && changedStretch(timeline.away, changed);
  return home === timeline && away === timeline.away ? timeline : { ...timeline, ...home, away };
}

function changedStretch<T extends Stretch>(stretch: T, changed: ReadonlyMap<number, MessageView>): T {
  const items = stretch.items.map((item): TimelineItem => {
    if (item.item !== 'message') {
      return item;
    }
    const now = changed.get(item.seq);
    if (now !== undefined) {
      return { ...now, item: 'message' };
    }
    const quoted = item.reply === null ? undefined : changed.get(item.reply.seq);
    return quoted === undefined ? item : { ...item, reply: quoteOf(quoted) };
  });
  const isSame = items.every((item, index) => item === stretch.items[index]);
  return isSame ? stretch : { ...stretch, items };
}

const EXCERPT_CHARACTERS = 200;

/** A message as it is quoted above an answer to it. */
export function quoteOf(message: MessageView): ReplyView {
  const deleted = message.deleted_by !== null;
  return {
    seq: message.seq,
    author: message.author,
    excerpt: deleted ? null : Array.from(message.body.slice(0, 2 * EXCERPT_CHARACTERS)).slice(0, EXCERPT_CHARACTERS).join(''),
    deleted,
  };
}

/** A message as it looks once somebody has acted on it, before anybody else has heard of it. */
export function acted(message: MessageView, act: MessageAct, me: UserId, now: number): MessageView {
  switch (act.act) {
    case 'edit':
      return { ...message, body: act.body, edited_at: now, pending: true };
    case 'delete':
      return { ...message, body: '', deleted_by: me, reactions: [], pinned: false, pending: true };
    case 'pin':
      return { ...message, pinned: act.on, pending: true };
    case 'react':
      return { ...message, reactions: reacted(message.reactions, act.emoji, act.on, me), pending: true };
  }
}

function reacted(reactions: readonly ReactionView[], emoji: string, on: boolean, me: UserId): ReactionView[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (known === undefined) {
    return on ? [...reactions, { emoji, people: [me], mine: true }] : [...reactions];
  }
  const others = known.people.filter((person) => person !== me);
  const now = { emoji, people: on ? [...others, me] : others, mine: on };
  return reactions.flatMap((reaction) => (reaction !== known ? [reaction] : now.people.length > 0 ? [now] : []));
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

/** A page before the stretch on screen. */
export function withEarlier(timeline: Timeline, page: TimelinePage): Timeline {
  return changeShown(timeline, (stretch) => {
    const older = page.items.filter((item) => item.seq < stretch.first);
    return {
      items: [...older, ...stretch.items],
      first: page.first > 0 ? Math.min(page.first, stretch.first) : stretch.first,
      hasEarlier: page.has_earlier,
    };
  });
}

/** A page after the stretch the reader went to; where it meets the one at the end, they are one again. */
export function withLater(timeline: Timeline, page: TimelinePage): Timeline {
  const { away } = timeline;
  if (away === null || page.last <= away.last) {
    return page.reaches_end ? home(timeline) : timeline;
  }
  const newer = page.items.filter((item) => item.seq > away.last);
  return joined({ ...timeline, away: { ...away, items: [...away.items, ...newer], last: page.last } });
}

/** A page around a message that is not held: what is on screen from now on. */
export function withAround(timeline: Timeline, page: TimelinePage): Timeline {
  const there = joined({ ...timeline, away: stretchOf(page) });
  const continues = timeline.away === null && there.away === null;
  return continues ? there : { ...there, moves: timeline.moves + 1 };
}

/** Back to the end. */
export function home(timeline: Timeline): Timeline {
  return timeline.away === null ? timeline : { ...timeline, away: null, moves: timeline.moves + 1 };
}

/** The stretch up there and the one at the end become one when nothing lies between them. */
function joined(timeline: Timeline): Timeline {
  const { away } = timeline;
  if (away === null || timeline.first === 0 || away.last + 1 < timeline.first) {
    return timeline;
  }
  const older = away.items.filter((item) => item.seq < timeline.first);
  const starts = away.first <= timeline.first;
  return {
    ...timeline,
    items: [...older, ...timeline.items],
    first: starts ? away.first : timeline.first,
    hasEarlier: starts ? away.hasEarlier : timeline.hasEarlier,
    away: null,
  };
}

export function withTarget(timeline: Timeline, seq: number, below: number | null): Timeline {
  return { ...timeline, target: { seq, below, asked: (timeline.target?.asked ?? 0) + 1 } };
}

export function withSend(timeline: Timeline, send: LocalSend): Timeline {
  // An own message is shown where it will stand: at the end.
  const there = home(timeline);
  return { ...there, sending: [...there.sending, send] };
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
    next.items.some((item) => item.client_id === message.client_id);
  return known ? next : { ...next, pending: [...next.pending, message] };
}

/** What is still on its way: an item that came before its `pending` change is not shown twice. */
export function unsent(timeline: Timeline): PendingMessage[] {
  if (timeline.pending.length === 0) {
    return timeline.pending;
  }
  const newest = new Set(timeline.items.slice(-RESTING_ITEMS).map((item) => item.client_id));
  return timeline.pending.filter((message) => !newest.has(message.client_id));
}

/** Lets go of what was scrolled to, once the conversation is left. */
export function rested(timeline: Timeline): Timeline {
  const gone = { ...timeline, away: null, target: null };
  if (timeline.items.length <= RESTING_ITEMS) {
    return gone;
  }
  const items = timeline.items.slice(-RESTING_ITEMS);
  return { ...gone, items, first: items[0]?.seq ?? timeline.first, hasEarlier: true };
}

function stretchOf(page: TimelinePage): Stretch {
  return { items: page.items, first: page.first, last: page.last, hasEarlier: page.has_earlier };
}

function changeShown(timeline: Timeline, change: (stretch: Stretch) => Partial<Stretch>): Timeline {
  if (timeline.away !== null) {
    return { ...timeline, away: { ...timeline.away, ...change(timeline.away) } };
  }
  return { ...timeline, ...change(timeline) };
}

/** A message from the host that carries the text of the oldest unanswered send is that send. */
function adopt(timeline: Timeline, body: string): Timeline {
  const oldest = timeline.sending[0];
  return oldest?.body === body ? { ...timeline, sending: timeline.sending.slice(1) } : timeline;
}
