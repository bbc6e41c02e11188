// The door between the window and the rest of the app. Behind it stands the Rust client (tauri-host.ts) or a scripted
// one (fake-host.ts); whoever draws never knows which. Every method that fails rejects with a `Failure`.

import type { Change } from './generated/Change';
import type { ChannelRow } from './generated/ChannelRow';
import type { CodeSent } from './generated/CodeSent';
import type { Connection } from './generated/Connection';
import type { ConversationId } from './generated/ConversationId';
import type { ConversationRow } from './generated/ConversationRow';
import type { Failure } from './generated/Failure';
import type { OpenConversation } from './generated/OpenConversation';
import type { PendingMessage } from './generated/PendingMessage';
import type { PersonView } from './generated/PersonView';
import type { ProfileChange } from './generated/ProfileChange';
import type { ServerInfo } from './generated/ServerInfo';
import type { Session } from './generated/Session';
import type { TimelinePage } from './generated/TimelinePage';
import type { UserId } from './generated/UserId';
import type { Visibility } from './generated/Visibility';

export interface Host {
  /** Calls `listener` with every change, in order. Resolves once no later change can be missed. */
  listen(listener: (change: Change) => void): Promise<() => void>;

  session(): Promise<Session>;
  connection(): Promise<Connection>;

  checkServer(address: string): Promise<ServerInfo>;
  requestCode(server: string, email: string): Promise<CodeSent>;
  /** Uses the code that was asked for last. */
  signIn(code: string): Promise<Session>;
  signOut(): Promise<void>;

  /** Newest activity first, from disk. */
  conversations(): Promise<ConversationRow[]>;
  /** Everyone this device knows of, from disk. */
  people(): Promise<PersonView[]>;
  /** The newest page, from disk. */
  openConversation(conversation: ConversationId): Promise<OpenConversation>;
  /** The page that ends before the entry with seq `before`, from disk, else from the server. */
  earlier(conversation: ConversationId, before: number): Promise<TimelinePage>;

  sendMessage(conversation: ConversationId, body: string): Promise<PendingMessage>;
  retryMessage(clientId: string): Promise<void>;
  discardMessage(clientId: string): Promise<void>;
  saveDraft(conversation: ConversationId, text: string): Promise<void>;
  markRead(conversation: ConversationId, ordinal: number): Promise<void>;

  findPeople(query: string): Promise<PersonView[]>;
  findChannels(query: string): Promise<ChannelRow[]>;
  /** One person: a direct conversation; several: a group. */
  startConversation(people: UserId[]): Promise<ConversationRow>;
  createChannel(name: string, visibility: Visibility): Promise<ConversationRow>;
  joinChannel(conversation: ConversationId): Promise<void>;
  leaveChannel(conversation: ConversationId): Promise<void>;
  renameChannel(conversation: ConversationId, name: string): Promise<void>;
  addMember(conversation: ConversationId, person: UserId): Promise<void>;
  removeMember(conversation: ConversationId, person: UserId): Promise<void>;
  channelMembers(conversation: ConversationId): Promise<PersonView[]>;

  updateProfile(change: ProfileChange): Promise<PersonView>;
  reconnectNow(): Promise<void>;
  /** Opens an http, https or mailto address in the person's browser; anything else is refused. */
  openLink(url: string): Promise<void>;
}

/** A `Failure` travelling as an exception, so that it has a stack and passes `instanceof Error`. */
export class HostError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.name = 'HostError';
    this.failure = failure;
  }
}

/** The failure in what was thrown, or null when it was a fault of this app. */
export function failureOf(error: unknown): Failure | null {
  return error instanceof HostError ? error.failure : null;
}
