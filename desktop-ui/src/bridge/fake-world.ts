// What the scripted host starts with: an empty workspace, or a company in the middle of its week.

import type { ChannelRow } from './generated/ChannelRow';
import type { ConversationKind } from './generated/ConversationKind';
import type { ConversationRow } from './generated/ConversationRow';
import type { Keychain } from './generated/Keychain';
import type { MessageView } from './generated/MessageView';
import type { PendingMessage } from './generated/PendingMessage';
import type { PersonView } from './generated/PersonView';
import type { ReceiptView } from './generated/ReceiptView';
import type { Session } from './generated/Session';
import type { TimelineItem } from './generated/TimelineItem';
import type { UserId } from './generated/UserId';
import type { Version } from './generated/Version';
import type { Visibility } from './generated/Visibility';
import { quoteOf } from './timeline.ts';

/** The code that signs in. */
export const FAKE_CODE = '123456';

export interface FakeConversation {
  row: ConversationRow;
  items: TimelineItem[];
  /** What edited messages said before, by seq. */
  versions: Map<number, Version[]>;
  pending: PendingMessage[];
  draft: string;
  members: Set<UserId>;
  receipts: ReceiptView[];
}

export interface Wanted {
  id: string;
  kind: ConversationKind;
  name?: string;
  visibility?: Visibility;
  members?: UserId[];
  topic?: string;
  archived?: boolean;
  created_by?: UserId;
}

/** One line of a script. */
export type Said = { by: UserId; at: number } & (
  | SaidMessage
  | { joined: UserId }
  | { left: UserId }
  | { renamed: string }
  | { topic: string }
  | { archived: boolean }
);

/** A message, and all that happened to it. */
interface SaidMessage {
  body: string;
  /** Answers the message this many messages before. */
  answers?: number;
  /** What it said at first, and when that was changed. */
  before?: string;
  editedAt?: number;
  deletedBy?: UserId;
  reactions?: Record<string, UserId[]>;
  pinned?: boolean;
}

export class FakeWorld {
  workspace = 'Orchard & Co';
  server = 'https://chat.orchard.example';
  keychain: Keychain = 'kept';
  people: PersonView[];
  me: PersonView;
  conversations: FakeConversation[] = [];
  otherChannels: ChannelRow[] = [];
  /** How long every answer takes. */
  answerMs = 0;
  /** How long until a sent message is stored. */
  deliveryMs = 0;

  constructor(me: PersonView, others: PersonView[] = []) {
    this.me = me;
    this.people = [me, ...others];
  }

  signedIn(): Session {
    return { phase: 'signed_in', server: this.server, workspace: this.workspace, me: this.me, keychain: this.keychain };
  }

  setMe(me: PersonView): void {
    this.me = me;
    this.people = this.people.map((person) => (person.id === me.id ? me : person));
  }

  conversation(wanted: Wanted): FakeConversation {
    const { id, kind, name, visibility, members = [] } = wanted;
    const held = kind === 'channel' ? new Set([this.me.id, ...members]) : new Set(members);
    return {
      row: {
        id,
        kind,
        visibility: visibility ?? (kind === 'channel' ? 'public' : 'private'),
        name: name ?? null,
        topic: wanted.topic ?? '',
        archived: wanted.archived ?? false,
        created_by: wanted.created_by ?? this.me.id,
        members: kind === 'channel' ? [] : members,
        member_count: held.size,
        membership: 'member',
        head: 0,
        ordinal: 0,
        last_at: Date.now(),
        unread: 0,
        mentions: 0,
        level: null,
        read_ordinal: 0,
        has_draft: false,
      },
      items: [],
      versions: new Map(),
      pending: [],
      draft: '',
      members: held,
      receipts: [],
    };
  }

  /** Adds a conversation and what was said in it; the last `unread` messages are not read yet. */
  add(wanted: Wanted, said: Said[], unread = 0): FakeConversation {
    const held = this.conversation(wanted);
    const { row } = held;
    for (const line of said) {
      row.head += 1;
      row.ordinal += 'body' in line ? 1 : 0;
      row.last_at = line.at;
      held.items.push('body' in line ? messageOf(line, held, this.me.id) : eventOf(line, row));
    }
    row.read_ordinal = row.ordinal - unread;
    row.unread = unread;
    row.mentions = unreadMentions(held);
    this.conversations.push(held);
    return held;
  }
}

function placeOf(line: { by: UserId; at: number }, row: ConversationRow) {
  return {
    conversation: row.id,
    seq: row.head,
    ordinal: row.ordinal,
    at: line.at,
    author: line.by,
    client_id: `m_${row.id}_${row.head}`,
  };
}

function messageOf(line: Said & SaidMessage, held: FakeConversation, me: UserId): TimelineItem {
  const place = placeOf(line, held.row);
  const messages = held.items.filter((item) => item.item === 'message');
  const answered = line.answers === undefined ? undefined : messages.at(-line.answers);
  const editedAt = line.editedAt ?? (line.before === undefined ? null : line.at + 120_000);
  if (line.before !== undefined && editedAt !== null) {
    held.versions.set(place.seq, [
      { seq: place.seq, at: line.at, body: line.before },
      { seq: place.seq, at: editedAt, body: line.body },
    ]);
  }
  const message: MessageView = {
    ...place,
    body: line.deletedBy === undefined ? line.body : '',
    edited_at: editedAt,
    deleted_by: line.deletedBy ?? null,
    reactions: Object.entries(line.reactions ?? {}).map(([emoji, people]) => ({ emoji, people, mine: people.includes(me) })),
    pinned: line.pinned ?? false,
    reply: answered === undefined ? null : quoteOf(answered),
    mentions_me: mentionsMe(line.body, line.by, me),
    pending: false,
  };
  return { item: 'message', ...message };
}

/** How many unread messages mention the person. */
export function unreadMentions({ items, row }: FakeConversation): number {
  return items.filter((item) => item.item === 'message' && item.mentions_me && item.ordinal > row.read_ordinal).length;
}

/** As the server judges, but for code. */
export function mentionsMe(body: string, author: UserId, me: UserId): boolean {
  return author !== me && (body.includes(`<@${me}>`) || /<!(?:channel|here)>/u.test(body));
}

function eventOf(line: Exclude<Said, SaidMessage>, row: ConversationRow): TimelineItem {
  const place = { item: 'event' as const, ...placeOf(line, row) };
  if ('joined' in line) {
    return { ...place, kind: 'joined', person: line.joined };
  }
  if ('left' in line) {
    return { ...place, kind: 'left', person: line.left };
  }
  if ('topic' in line) {
    row.topic = line.topic;
    return { ...place, kind: 'topic', topic: line.topic };
  }
  if ('archived' in line) {
    row.archived = line.archived;
    return { ...place, kind: 'archived', on: line.archived };
  }
  return { ...place, kind: 'renamed', name: line.renamed };
}
