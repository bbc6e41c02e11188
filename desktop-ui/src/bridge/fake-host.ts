// A host without Tauri, a server or a disk: keeps a small world in memory and behaves like the real one, so that
// screens can be drawn, tested and photographed. Tests steer it through the methods after "Steering".

import type { Change } from './generated/Change';
import type { ChannelRow } from './generated/ChannelRow';
import type { Connection } from './generated/Connection';
import type { ConversationId } from './generated/ConversationId';
import type { ConversationRow } from './generated/ConversationRow';
import type { Entry } from './generated/Entry';
import type { ErrorCode } from './generated/ErrorCode';
import type { Failure } from './generated/Failure';
import type { PendingMessage } from './generated/PendingMessage';
import type { PersonView } from './generated/PersonView';
import type { ProfileChange } from './generated/ProfileChange';
import type { Session } from './generated/Session';
import type { UserId } from './generated/UserId';
import type { Visibility } from './generated/Visibility';
import { FAKE_CODE, type FakeConversation, type FakeWorld } from './fake-world.ts';
import { HostError, type Host } from './host.ts';

const PAGE_ENTRIES = 50;
const CODE_LIFETIME_MS = 10 * 60_000;
const RESEND_AFTER_MS = 30_000;
const CODE_TRIES = 5;

export function refused(code: ErrorCode, more: { retryAfter?: number; triesLeft?: number } = {}): HostError {
  return new HostError({
    reason: 'refused',
    code,
    detail: code,
    retry_after_s: more.retryAfter ?? null,
    tries_left: more.triesLeft ?? null,
  });
}

export class FakeHost implements Host {
  readonly world: FakeWorld;
  /** Every call that reached the host, for tests: `openLink https://…`. */
  readonly calls: string[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  #session: Session;
  #connection: Connection = { state: 'online' };
  #codeTries = CODE_TRIES;
  #nextFailures: [string, Failure][] = [];
  #numbers = 0;

  constructor(world: FakeWorld, session: Session) {
    this.world = world;
    this.#session = session;
  }

  listen(listener: (change: Change) => void) {
    this.#listeners.add(listener);
    return Promise.resolve(() => void this.#listeners.delete(listener));
  }

  session = () => this.#do('session', () => this.#session);
  connection = () => this.#do('connection', () => this.#connection);

  checkServer = (address: string) =>
    this.#do(`checkServer ${address}`, () => ({
      address: /^https?:/u.test(address) ? address : `https://${address}`,
      workspace: this.world.workspace,
    }));

  requestCode = (server: string, email: string) =>
    this.#do(`requestCode ${server} ${email}`, () => {
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/u.test(email)) {
        throw refused('invalid_email');
      }
      this.#codeTries = CODE_TRIES;
      const now = Date.now();
      return { email, expires_at: now + CODE_LIFETIME_MS, resend_at: now + RESEND_AFTER_MS };
    });

  signIn = (code: string) =>
    this.#do(`signIn ${code}`, () => {
      if (code !== FAKE_CODE) {
        this.#codeTries -= 1;
        throw this.#codeTries > 0 ? refused('code_wrong', { triesLeft: this.#codeTries }) : refused('code_used_up');
      }
      return this.changeSession(this.world.signedIn());
    });

  signOut = () =>
    this.#do('signOut', () => {
      this.changeSession({ phase: 'signed_out', server: this.world.server, email: this.world.me.email, reason: null });
    });

  conversations = () => this.#do('conversations', () => this.world.conversations.map((held) => ({ ...held.row })));
  people = () => this.#do('people', () => [...this.world.people]);

  openConversation = (conversation: ConversationId) =>
    this.#do(`openConversation ${conversation}`, () => {
      const held = this.#find(conversation);
      const entries = held.entries.slice(-PAGE_ENTRIES);
      return {
        row: { ...held.row },
        page: {
          conversation,
          entries,
          has_earlier: entries.length < held.entries.length,
          reaches_end: true,
        },
        pending: [...held.pending],
        draft: held.draft,
      };
    });

  earlier = (conversation: ConversationId, before: number) =>
    this.#do(`earlier ${conversation} ${before}`, () => {
      const older = this.#find(conversation).entries.filter((entry) => entry.seq < before);
      const entries = older.slice(-PAGE_ENTRIES);
      return { conversation, entries, has_earlier: entries.length < older.length, reaches_end: false };
    });

  sendMessage = (conversation: ConversationId, body: string) =>
    this.#do(`sendMessage ${conversation} ${body}`, () => {
      const held = this.#find(conversation);
      const message: PendingMessage = {
        client_id: this.#name('m'),
        conversation,
        body,
        written_at: Date.now(),
        failure: null,
      };
      held.pending.push(message);
      this.#tellPending(held);
      if (this.#connection.state === 'online') {
        setTimeout(() => this.deliver(message.client_id), this.world.deliveryMs);
      } else {
        this.#countUnsent();
      }
      return message;
    });

  retryMessage = (clientId: string) =>
    this.#do(`retryMessage ${clientId}`, () => {
      const { held, message } = this.#pending(clientId);
      held.pending = held.pending.map((other) => (other === message ? { ...message, failure: null } : other));
      this.#tellPending(held);
      setTimeout(() => this.deliver(clientId), this.world.deliveryMs);
    });

  discardMessage = (clientId: string) =>
    this.#do(`discardMessage ${clientId}`, () => {
      const { held } = this.#pending(clientId);
      held.pending = held.pending.filter((message) => message.client_id !== clientId);
      this.#tellPending(held);
    });

  saveDraft = (conversation: ConversationId, text: string) =>
    this.#do(`saveDraft ${conversation} ${text}`, () => {
      const held = this.#find(conversation);
      held.draft = text;
      if (held.row.has_draft !== (text !== '')) {
        held.row.has_draft = text !== '';
        this.#tellRow(held);
      }
    });

  markRead = (conversation: ConversationId, ordinal: number) =>
    this.#do(`markRead ${conversation} ${ordinal}`, () => {
      const held = this.#find(conversation);
      held.row.read_ordinal = Math.max(held.row.read_ordinal, ordinal);
      held.row.unread = held.row.ordinal - held.row.read_ordinal;
      this.#tellRow(held);
    });

  findPeople = (query: string) =>
    this.#do(`findPeople ${query}`, () => {
      const wanted = query.toLocaleLowerCase();
      return this.world.people
        .filter((person) => `${person.name} ${person.email}`.toLocaleLowerCase().includes(wanted))
        .sort((a, b) => a.name.localeCompare(b.name));
    });

  findChannels = (query: string) =>
    this.#do(`findChannels ${query}`, () => {
      const mine: ChannelRow[] = this.world.conversations
        .filter(({ row }) => row.kind === 'channel')
        .map(({ row }) => ({ ...row, name: row.name ?? '' }));
      return [...mine, ...this.world.otherChannels]
        .filter((channel) => channel.name.includes(query.toLocaleLowerCase()))
        .sort((a, b) => a.name.localeCompare(b.name));
    });

  startConversation = (people: UserId[]) =>
    this.#do(`startConversation ${people.join(' ')}`, () => {
      const members = [...new Set([this.world.me.id, ...people])];
      const kind = members.length > 2 ? 'group' : 'direct';
      const id = `d_${[...members].sort().join('_')}`;
      const known = this.world.conversations.find((held) => held.row.id === id);
      return { ...(known ?? this.#add(this.world.conversation({ id, kind, members }))).row };
    });

  createChannel = (name: string, visibility: Visibility) =>
    this.#do(`createChannel ${name} ${visibility}`, () => {
      if (this.world.conversations.some((held) => held.row.name === name)) {
        throw refused('name_taken');
      }
      const held = this.#add(this.world.conversation({ id: this.#name('c'), kind: 'channel', name, visibility }));
      this.#append(held, { kind: 'joined', person: this.world.me.id }, this.world.me.id, this.#name('o'));
      return { ...held.row };
    });

  joinChannel = (conversation: ConversationId) =>
    this.#do(`joinChannel ${conversation}`, () => {
      const channel = this.world.otherChannels.find((other) => other.id === conversation);
      if (channel === undefined) {
        throw refused('not_found');
      }
      this.world.otherChannels = this.world.otherChannels.filter((other) => other !== channel);
      const held = this.#add(this.world.conversation({ ...channel, kind: 'channel' }));
      this.#append(held, { kind: 'joined', person: this.world.me.id }, this.world.me.id, this.#name('o'));
    });

  leaveChannel = (conversation: ConversationId) =>
    this.#do(`leaveChannel ${conversation}`, () => {
      this.world.conversations = this.world.conversations.filter((held) => held.row.id !== conversation);
      this.tell({ change: 'conversation_removed', conversation });
    });

  renameChannel = (conversation: ConversationId, name: string) =>
    this.#do(`renameChannel ${conversation} ${name}`, () => {
      const held = this.#find(conversation);
      held.row.name = name;
      this.#append(held, { kind: 'renamed', name }, this.world.me.id, this.#name('o'));
    });

  addMember = (conversation: ConversationId, person: UserId) =>
    this.#do(`addMember ${conversation} ${person}`, () => {
      const held = this.#find(conversation);
      held.members.add(person);
      this.#append(held, { kind: 'joined', person }, this.world.me.id, this.#name('o'));
    });

  removeMember = (conversation: ConversationId, person: UserId) =>
    this.#do(`removeMember ${conversation} ${person}`, () => {
      const held = this.#find(conversation);
      held.members.delete(person);
      this.#append(held, { kind: 'left', person }, this.world.me.id, this.#name('o'));
    });

  channelMembers = (conversation: ConversationId) =>
    this.#do(`channelMembers ${conversation}`, () => {
      const { members } = this.#find(conversation);
      return this.world.people.filter((person) => members.has(person.id));
    });

  updateProfile = (change: ProfileChange) =>
    this.#do('updateProfile', () => {
      const me: PersonView = { ...this.world.me, ...change };
      this.world.setMe(me);
      this.tell({ change: 'people', people: [me] });
      return me;
    });

  reconnectNow = () => this.#do('reconnectNow', () => undefined);
  openLink = (url: string) => this.#do(`openLink ${url}`, () => undefined);

  // Steering

  tell(change: Change): void {
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  /** The next call whose description starts with `call` is refused. */
  failNext(call: string, failure: Failure): void {
    this.#nextFailures.push([call, failure]);
  }

  changeSession(session: Session): Session {
    this.#session = session;
    this.tell({ change: 'session', session });
    return session;
  }

  /** Going online delivers what waited. */
  changeConnection(connection: Connection): void {
    this.#connection = connection;
    this.tell({ change: 'connection', connection });
    if (connection.state === 'online') {
      const waiting = this.world.conversations.flatMap((held) => held.pending);
      waiting.filter((message) => message.failure === null).forEach((message) => this.deliver(message.client_id));
    }
  }

  /** Somebody writes. */
  receive(conversation: ConversationId, author: UserId, body: string): void {
    this.#append(this.#find(conversation), { kind: 'message', body }, author, this.#name('m'));
  }

  /** The server stored an unsent message. */
  deliver(clientId: string): void {
    const held = this.world.conversations.find((other) => other.pending.some((message) => message.client_id === clientId));
    const message = held?.pending.find((other) => other.client_id === clientId);
    if (held === undefined || message === undefined) {
      return;
    }
    held.pending = held.pending.filter((other) => other !== message);
    this.#append(held, { kind: 'message', body: message.body }, this.world.me.id, clientId);
    this.#tellPending(held);
  }

  /** The server refused an unsent message. */
  refuse(clientId: string, failure: Failure): void {
    const { held, message } = this.#pending(clientId);
    held.pending = held.pending.map((other) => (other === message ? { ...message, failure } : other));
    this.#tellPending(held);
  }

  async #do<T>(call: string, act: () => T): Promise<T> {
    this.calls.push(call);
    await new Promise((resolve) => setTimeout(resolve, this.world.answerMs));
    const at = this.#nextFailures.findIndex(([prefix]) => call.startsWith(prefix));
    if (at >= 0) {
      const [[, failure] = ['', null]] = this.#nextFailures.splice(at, 1);
      if (failure !== null) {
        throw new HostError(failure);
      }
    }
    return act();
  }

  #find(conversation: ConversationId): FakeConversation {
    const held = this.world.conversations.find((other) => other.row.id === conversation);
    if (held === undefined) {
      throw refused('not_found');
    }
    return held;
  }

  #pending(clientId: string): { held: FakeConversation; message: PendingMessage } {
    for (const held of this.world.conversations) {
      const message = held.pending.find((other) => other.client_id === clientId);
      if (message !== undefined) {
        return { held, message };
      }
    }
    throw refused('not_found');
  }

  #add(held: FakeConversation): FakeConversation {
    this.world.conversations.push(held);
    this.#tellRow(held);
    return held;
  }

  #append(
    held: FakeConversation,
    kind: { kind: 'message'; body: string } | { kind: 'joined' | 'left'; person: UserId } | { kind: 'renamed'; name: string },
    author: UserId,
    clientId: string,
  ): void {
    const row: ConversationRow = held.row;
    row.head += 1;
    row.ordinal += kind.kind === 'message' ? 1 : 0;
    row.last_at = Math.max(row.last_at, Date.now());
    row.member_count = row.kind === 'channel' ? held.members.size : row.members.length;
    if (author === this.world.me.id) {
      row.read_ordinal = row.ordinal;
    }
    row.unread = row.ordinal - row.read_ordinal;
    const entry: Entry = {
      conversation: row.id,
      seq: row.head,
      ordinal: row.ordinal,
      at: Date.now(),
      author,
      client_id: clientId,
      ...kind,
    };
    held.entries.push(entry);
    this.tell({ change: 'appended', conversation: row.id, entries: [entry] });
    this.#tellRow(held);
  }

  #tellRow(held: FakeConversation): void {
    this.tell({ change: 'conversations', rows: [{ ...held.row }] });
  }

  #tellPending(held: FakeConversation): void {
    this.tell({ change: 'pending', conversation: held.row.id, pending: [...held.pending] });
  }

  #countUnsent(): void {
    if (this.#connection.state === 'offline') {
      const unsent = this.world.conversations.reduce((sum, held) => sum + held.pending.length, 0);
      this.changeConnection({ ...this.#connection, unsent });
    }
  }

  #name(prefix: string): string {
    this.#numbers += 1;
    return `${prefix}_fake${this.#numbers}`;
  }
}
