// What the scripted host starts with: an empty workspace, or a company in the middle of its week.

import type { ChannelRow } from './generated/ChannelRow';
import type { ConversationKind } from './generated/ConversationKind';
import type { ConversationRow } from './generated/ConversationRow';
import type { Entry } from './generated/Entry';
import type { Keychain } from './generated/Keychain';
import type { PendingMessage } from './generated/PendingMessage';
import type { PersonView } from './generated/PersonView';
import type { Session } from './generated/Session';
import type { UserId } from './generated/UserId';
import type { Visibility } from './generated/Visibility';

/** The code that signs in. */
export const FAKE_CODE = '123456';

export interface FakeConversation {
  row: ConversationRow;
  entries: Entry[];
  pending: PendingMessage[];
  draft: string;
  members: Set<UserId>;
}

interface Wanted {
  id: string;
  kind: ConversationKind;
  name?: string;
  visibility?: Visibility;
  members?: UserId[];
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

  conversation({ id, kind, name, visibility, members = [] }: Wanted): FakeConversation {
    const held = kind === 'channel' ? new Set([this.me.id, ...members]) : new Set(members);
    return {
      row: {
        id,
        kind,
        visibility: visibility ?? (kind === 'channel' ? 'public' : 'private'),
        name: name ?? null,
        members: kind === 'channel' ? [] : members,
        member_count: held.size,
        membership: 'member',
        head: 0,
        ordinal: 0,
        last_at: Date.now(),
        unread: 0,
        read_ordinal: 0,
        has_draft: false,
      },
      entries: [],
      pending: [],
      draft: '',
      members: held,
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
      held.entries.push(entryOf(line, row));
    }
    row.read_ordinal = row.ordinal - unread;
    row.unread = unread;
    this.conversations.push(held);
    return held;
  }
}

/** One line of a script. */
export type Said = { by: UserId; at: number } & (
  | { body: string }
  | { joined: UserId }
  | { left: UserId }
  | { renamed: string }
);

function entryOf(line: Said, row: ConversationRow): Entry {
  const place = {
    conversation: row.id,
    seq: row.head,
    ordinal: row.ordinal,
    at: line.at,
    author: line.by,
    client_id: `m_${row.id}_${row.head}`,
  };
  if ('body' in line) {
    return { ...place, kind: 'message', body: line.body };
  }
  if ('joined' in line) {
    return { ...place, kind: 'joined', person: line.joined };
  }
  return 'left' in line ? { ...place, kind: 'left', person: line.left } : { ...place, kind: 'renamed', name: line.renamed };
}
