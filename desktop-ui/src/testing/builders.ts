// Small pieces of a world, with only what a test cares about.

import { FakeHost } from '#bridge/fake-host.ts';
import { FakeWorld } from '#bridge/fake-world.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import type { PendingMessage } from '#bridge/generated/PendingMessage.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { TimelineItem } from '#bridge/generated/TimelineItem.ts';
import type { Timeline } from '#bridge/timeline.ts';

type MessageItem = Extract<TimelineItem, { item: 'message' }>;
type EventItem = Extract<TimelineItem, { item: 'event' }>;

export const ADA: PersonView = person('u_ada', 'Ada Winter');
export const MEI: PersonView = person('u_mei', 'Mei Tan');
export const TOM: PersonView = person('u_tom', 'Tom Okafor');

/** 2026-03-10 09:00 UTC, a Tuesday. */
export const MORNING = Date.UTC(2026, 2, 10, 9);
export const MINUTE = 60_000;

export function person(id: string, name: string): PersonView {
  return { id, name, title: '', email: `${id}@example.org`, time_zone: '', active: true, role: 'member', picture: null };
}

export function message(seq: number, body: string, more: Partial<MessageView> = {}): MessageItem {
  return {
    item: 'message',
    conversation: 'c_1',
    seq,
    ordinal: seq,
    at: MORNING + seq * 1000,
    author: MEI.id,
    client_id: `m_${seq}`,
    body,
    edited_at: null,
    deleted_by: null,
    reactions: [],
    pinned: false,
    reply: null,
    mentions_me: false,
    pending: false,
    ...more,
  };
}

export function joined(seq: number, who: string, by = who): EventItem {
  return {
    item: 'event',
    conversation: 'c_1',
    seq,
    ordinal: 0,
    at: MORNING + seq * 1000,
    author: by,
    client_id: `o_${seq}`,
    kind: 'joined',
    person: who,
  };
}

export function pending(clientId: string, body: string): PendingMessage {
  return { client_id: clientId, conversation: 'c_1', body, reply: null, written_at: MORNING, failure: null };
}

export function timeline(items: TimelineItem[], more: Partial<Timeline> = {}): Timeline {
  return {
    items,
    first: items[0]?.seq ?? 0,
    last: items.at(-1)?.seq ?? 0,
    hasEarlier: false,
    away: null,
    moves: 0,
    target: null,
    pending: [],
    sending: [],
    draft: '',
    receipts: [],
    ...more,
  };
}

export function row(id: string, more: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id,
    kind: 'channel',
    visibility: 'public',
    name: id,
    topic: '',
    archived: false,
    created_by: ADA.id,
    members: [],
    member_count: 1,
    membership: 'member',
    head: 0,
    ordinal: 0,
    last_at: MORNING,
    unread: 0,
    mentions: 0,
    level: null,
    read_ordinal: 0,
    has_draft: false,
    ...more,
  };
}

/** Ada is signed in and writes with Mei in #general. Sent messages wait until the test delivers them. */
export function signedInHost(said: string[] = ['Good morning']): FakeHost {
  const world = new FakeWorld(ADA, [MEI, TOM]);
  world.deliveryMs = 3_600_000;
  world.add(
    { id: 'c_general', kind: 'channel', name: 'general', members: [MEI.id] },
    said.map((body, index) => ({ by: MEI.id, at: MORNING + index * MINUTE, body })),
  );
  world.add({ id: 'd_tom', kind: 'direct', members: [ADA.id, TOM.id] }, []);
  world.conversations.forEach(({ row: held }, index) => (held.last_at = MORNING - index * MINUTE));
  return new FakeHost(world, world.signedIn());
}

export function signedOutHost(): FakeHost {
  const world = new FakeWorld(ADA, [MEI]);
  return new FakeHost(world, { phase: 'signed_out', server: null, email: null, reason: null });
}
