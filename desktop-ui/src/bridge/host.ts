// The door between the window and the rest of the app. Behind it stands the Rust client (tauri-host.ts) or a scripted
// one (fake-host.ts); whoever draws never knows which. Every method that fails rejects with a `Failure`.

import type { JournalLine } from './device/JournalLine';
import type { LogLevel } from './device/LogLevel';
import type { NetworkChoice } from './device/NetworkChoice';
import type { NetworkView } from './device/NetworkView';
import type { AutostartView } from './device/AutostartView';
import type { PolicyView } from './device/PolicyView';
import type { Preferences } from './device/Preferences';
import type { ProxyLoginChoice } from './device/ProxyLoginChoice';
import type { SupportView } from './device/SupportView';
import type { TestResult } from './device/TestResult';
import type { UpdatesChange } from './device/UpdatesChange';
import type { UpdatesChannel } from './device/UpdatesChannel';
import type { UpdatesView } from './device/UpdatesView';
import type { Words } from './device/Words';
import type { Activity } from './generated/Activity';
import type { AuditPage } from './generated/AuditPage';
import type { AuditQuery } from './generated/AuditQuery';
import type { Change } from './generated/Change';
import type { ChannelRow } from './generated/ChannelRow';
import type { CodeSent } from './generated/CodeSent';
import type { Connection } from './generated/Connection';
import type { ConnectionTest } from './generated/ConnectionTest';
import type { ConversationId } from './generated/ConversationId';
import type { ConversationRow } from './generated/ConversationRow';
import type { Failure } from './generated/Failure';
import type { Invitation } from './generated/Invitation';
import type { InvitationLink } from './generated/InvitationLink';
import type { MentionsPage } from './generated/MentionsPage';
import type { MessageAct } from './generated/MessageAct';
import type { MessageView } from './generated/MessageView';
import type { NotificationLevel } from './generated/NotificationLevel';
import type { OpenConversation } from './generated/OpenConversation';
import type { PendingMessage } from './generated/PendingMessage';
import type { PersonChange } from './generated/PersonChange';
import type { PersonView } from './generated/PersonView';
import type { PresenceView } from './generated/PresenceView';
import type { ProfileChange } from './generated/ProfileChange';
import type { Role } from './generated/Role';
import type { SearchPage } from './generated/SearchPage';
import type { SearchRequest } from './generated/SearchRequest';
import type { ServerChoice } from './generated/ServerChoice';
import type { ServerInfo } from './generated/ServerInfo';
import type { Session } from './generated/Session';
import type { SessionId } from './generated/SessionId';
import type { SessionInfo } from './generated/SessionInfo';
import type { SettingsChange } from './generated/SettingsChange';
import type { TimelinePage } from './generated/TimelinePage';
import type { UserId } from './generated/UserId';
import type { Version } from './generated/Version';
import type { Visibility } from './generated/Visibility';
import type { WorkspaceSettings } from './generated/WorkspaceSettings';

/** What becomes different at the client, and at the app around it. */
export type HostChange = Change | UpdatesChange;

export interface Host {
  /** Calls `listener` with every change, in order. Resolves once no later change can be missed. */
  listen(listener: (change: HostChange) => void): Promise<() => void>;

  session(): Promise<Session>;
  connection(): Promise<Connection>;

  /** The servers that sign-in offers, and whether another one may be named. */
  serverChoice(): Promise<ServerChoice>;
  checkServer(address: string): Promise<ServerInfo>;
  requestCode(server: string, email: string): Promise<CodeSent>;
  /** Uses the code that was asked for last. */
  signIn(code: string): Promise<Session>;
  /** What an invitation's link says, without asking anybody. */
  readInvitation(link: string): Promise<InvitationLink>;
  /** Signs in by an invitation: no code is mailed. */
  acceptInvitation(link: string): Promise<Session>;
  signOut(): Promise<void>;

  /** Newest activity first, from disk. */
  conversations(): Promise<ConversationRow[]>;
  /** Everyone this device knows of, from disk. */
  people(): Promise<PersonView[]>;
  /** The newest page, from disk. */
  openConversation(conversation: ConversationId): Promise<OpenConversation>;
  /** The page that ends before the entry with seq `before`, from disk, else from the server. */
  earlier(conversation: ConversationId, before: number): Promise<TimelinePage>;
  /** The page that begins after the entry with seq `after`. */
  later(conversation: ConversationId, after: number): Promise<TimelinePage>;
  /** A page with the entry with this seq in its middle. */
  around(conversation: ConversationId, seq: number): Promise<TimelinePage>;
  /** Messages on this device. Never asks the server. */
  search(request: SearchRequest): Promise<SearchPage>;
  /** What mentions this person, the newest first; `before` is `next` of the page before. Asks the server. */
  mentions(before: string | null): Promise<MentionsPage>;
  /** Whom a message of this conversation can mention, members first: at most eight. */
  mentionable(conversation: ConversationId, query: string): Promise<PersonView[]>;
  /** Of which messages the person is told by their devices; null for what each device usually does. */
  setLevel(conversation: ConversationId, level: NotificationLevel | null): Promise<void>;

  /** `replyTo` is the seq of the message it answers. */
  sendMessage(conversation: ConversationId, body: string, replyTo: number | null): Promise<PendingMessage>;
  /** Edits, deletes, reacts to or pins a message. It looks so at once; the server hears of it when it can. */
  actOnMessage(conversation: ConversationId, seq: number, act: MessageAct): Promise<void>;
  /** What a message said at which time, the oldest first. Asks the server. */
  messageVersions(conversation: ConversationId, seq: number): Promise<Version[]>;
  /** Pinned messages, the newest first. Asks the server. */
  pinnedMessages(conversation: ConversationId): Promise<MessageView[]>;
  /** A link that opens this message in the app. */
  messageLink(conversation: ConversationId, seq: number): Promise<string>;
  retryMessage(clientId: string): Promise<void>;
  discardMessage(clientId: string): Promise<void>;
  saveDraft(conversation: ConversationId, text: string): Promise<void>;
  markRead(conversation: ConversationId, ordinal: number): Promise<void>;
  /** The message with this ordinal and everything after it count as unread again, on all devices. */
  markUnread(conversation: ConversationId, ordinal: number): Promise<void>;

  /** A key was pressed in the composer. May be called at every key: the client spares the server. */
  typing(conversation: ConversationId): Promise<void>;
  /** What is on the screen: of these, who types, who is there and who has read what is told. Replaces the last call. */
  watch(conversations: ConversationId[], people: UserId[]): Promise<void>;
  /** Whether somebody is at this device. */
  setActivity(activity: Activity): Promise<void>;
  /** Everyone whose presence is known just now. */
  presence(): Promise<PresenceView[]>;

  findPeople(query: string): Promise<PersonView[]>;
  findChannels(query: string): Promise<ChannelRow[]>;
  /** One person: a direct conversation; several: a group. */
  startConversation(people: UserId[]): Promise<ConversationRow>;
  createChannel(name: string, visibility: Visibility): Promise<ConversationRow>;
  joinChannel(conversation: ConversationId): Promise<void>;
  leaveChannel(conversation: ConversationId): Promise<void>;
  renameChannel(conversation: ConversationId, name: string): Promise<void>;
  setTopic(conversation: ConversationId, topic: string): Promise<void>;
  setArchived(conversation: ConversationId, on: boolean): Promise<void>;
  addMember(conversation: ConversationId, person: UserId): Promise<void>;
  removeMember(conversation: ConversationId, person: UserId): Promise<void>;
  channelMembers(conversation: ConversationId): Promise<PersonView[]>;

  updateProfile(change: ProfileChange): Promise<PersonView>;
  /** A picture of theirs as a data URL, from disk, else from the server. `picture` is the one in their `PersonView`. */
  picture(person: UserId, picture: string): Promise<string>;
  /** `data` is the file's content in base64: PNG, JPEG or WebP, at most 1 MiB. */
  setPicture(data: string): Promise<PersonView>;
  removePicture(): Promise<PersonView>;

  /** This person's devices, the last seen first. */
  sessions(): Promise<SessionInfo[]>;
  endSession(session: SessionId): Promise<void>;
  /** Ends all sessions but this one. */
  endOtherSessions(): Promise<void>;

  /** How the workspace is set up; also who may make channels. */
  workspaceSettings(): Promise<WorkspaceSettings>;
  changeSettings(change: SettingsChange): Promise<WorkspaceSettings>;
  /** Everyone whose name or address contains this text, with those who were deactivated. For administrators. */
  everyone(query: string): Promise<PersonView[]>;
  changePerson(person: UserId, change: PersonChange): Promise<PersonView>;
  invitations(): Promise<Invitation[]>;
  invite(email: string, role: Role): Promise<Invitation>;
  withdrawInvitation(invitation: string): Promise<void>;
  auditLog(query: AuditQuery): Promise<AuditPage>;
  /** Writes the audit log as JSON lines into the downloads folder; answers where. */
  exportAuditLog(query: AuditQuery): Promise<string>;

  /** What was chosen for this device. */
  preferences(): Promise<Preferences>;
  /** Replaces all of them. */
  setPreferences(preferences: Preferences): Promise<void>;
  /** What the organisation decided for this device. */
  organisation(): Promise<PolicyView>;
  /** Whether the app starts, hidden, at log-in. */
  autostart(): Promise<AutostartView>;
  setAutostart(on: boolean): Promise<void>;
  /** The words that the app needs outside its window, in the language of now. */
  speak(words: Words): Promise<void>;
  /** Shows a notification whatever else is chosen, and answers what came of it. */
  testNotification(): Promise<TestResult>;
  /** Why each of the latest messages was shown or not, the newest first. */
  notificationJournal(): Promise<JournalLine[]>;

  /** New versions of the app, as it stands with them. */
  updates(): Promise<UpdatesView>;
  /** Whatever comes of it is told as a change. */
  lookForUpdates(): Promise<void>;
  /** Which versions are wanted, where the organisation has not chosen. */
  setUpdateChannel(channel: UpdatesChannel): Promise<void>;
  /** Installs the version that waits and restarts the app. */
  installUpdate(): Promise<void>;

  /** How this device reaches its server. */
  network(): Promise<NetworkView>;
  /** Chooses the proxy and the file of authorities; they count at once. */
  setNetwork(choice: NetworkChoice): Promise<NetworkView>;
  /** The name and the password for the proxy on the way; null forgets them. */
  setProxyLogin(login: ProxyLoginChoice | null): Promise<NetworkView>;
  /** Tests the way to a server, or to the person's own; each step is told as a change when it is done. */
  testConnection(server: string | null): Promise<ConnectionTest>;

  /** How much is logged, and the note of the last fault. */
  support(): Promise<SupportView>;
  setLogLevel(level: LogLevel): Promise<SupportView>;
  /** Puts the note of the last fault away. */
  forgetCrash(): Promise<void>;
  /** Writes a file for support into the downloads folder; answers where. */
  saveDiagnostics(): Promise<string>;

  /** The app's version. */
  version(): Promise<string>;
  reconnectNow(): Promise<void>;
  /** Calls `open` with every link the app is asked to open from outside, one that waits already among them. */
  listenForLinks(open: (link: string) => void): Promise<() => void>;
  /** Takes the window off the screen; the app goes on. */
  hideWindow(): Promise<void>;
  /** Ends the app, not only its window. */
  quit(): Promise<void>;
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
