//! What the client knows, in the shape a window draws it.

use protocol::{
    ClientId, ConversationId, ConversationKind, Entry, ErrorCode, Membership, NotificationLevel, Presence, Role,
    UnixMs, UserId, Visibility,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::network::{CertificateFault, ProxyFault};

/// Where the person is on the way from an empty app to their conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Session {
    /// Nobody is signed in. `server` is the last address used. `reason` says why, where the person did not ask for it:
    /// `session_ended`, `session_revoked` and `deactivated` (this device was erased), or `keychain_locked` and `keychain_missing` when the session could not be read.
    SignedOut {
        server: Option<String>,
        email: Option<String>,
        reason: Option<String>,
    },
    /// Signed in; the window shows the conversations.
    SignedIn {
        server: String,
        workspace: String,
        me: PersonView,
        keychain: Keychain,
    },
}

/// Where the session is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Keychain {
    /// In the keychain of the operating system.
    Kept,
    /// The keychain is locked: signed in for this run only.
    Locked,
    /// There is no keychain: signed in for this run only.
    Missing,
}

/// How the socket is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    /// Connected and caught up.
    Online,
    /// Connecting, or catching up, since this time.
    Connecting {
        since: UnixMs,
        /// Why there was no connection the last time, where a person can do something about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        trouble: Option<Failure>,
    },
    /// Not connected since this time; the next try is at `retry_at`.
    Offline {
        since: UnixMs,
        retry_at: UnixMs,
        unsent: u32,
        /// Why, where a person can do something about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        trouble: Option<Failure>,
    },
}

/// A person, as far as this device knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonView {
    pub id: UserId,
    pub name: String,
    pub title: String,
    pub email: String,
    pub time_zone: String,
    pub active: bool,
    pub role: Role,
    /// Names their picture, for [`crate::Client::picture`]; null without one.
    pub picture: Option<String>,
}

/// One row of the list of conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub visibility: Visibility,
    /// A channel's name; null for direct and group conversations, which are named by their members.
    pub name: Option<String>,
    /// What a channel is about; blank for none.
    pub topic: String,
    /// Whether it can only be read.
    pub archived: bool,
    /// Who made it, and so owns it.
    pub created_by: UserId,
    /// Everyone in a direct or group conversation; empty for a channel.
    pub members: Vec<UserId>,
    pub member_count: u32,
    pub membership: Membership,
    pub head: u64,
    pub ordinal: u64,
    pub last_at: UnixMs,
    /// Messages after the read mark; the person's own last message counts as read.
    pub unread: u64,
    /// Unread messages that are meant for the person: those that mention them, and in direct and group conversations all.
    pub mentions: u64,
    /// Of which messages the person wants to be told; null for the usual of each device.
    pub level: Option<NotificationLevel>,
    /// The ordinal up to which the person has read; a "new messages" line stands behind it.
    pub read_ordinal: u64,
    /// Whether a draft is kept for it.
    pub has_draft: bool,
}

/// A message that is on its way, or that the server refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PendingMessage {
    pub client_id: String,
    pub conversation: ConversationId,
    pub body: String,
    /// What it answers; null when it answers nothing.
    pub reply: Option<ReplyView>,
    /// When it was written.
    pub written_at: UnixMs,
    /// Why it was refused; null while it waits.
    pub failure: Option<Failure>,
}

/// One thing in a timeline. Entries that change a message are no items: they are in that message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum TimelineItem {
    Message(MessageView),
    /// Joined, left, renamed, topic, archived, or a kind that this version does not know.
    Event(Entry),
}

/// A message as it is now: everything that came later is in it, and so is what this person did and the server has not
/// heard yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessageView {
    pub conversation: ConversationId,
    pub seq: u64,
    pub ordinal: u64,
    pub at: UnixMs,
    pub author: UserId,
    pub client_id: ClientId,
    /// The newest text; empty once it was deleted.
    pub body: String,
    /// When it was last edited; null when it never was.
    pub edited_at: Option<UnixMs>,
    /// Who deleted it; null while it stands.
    pub deleted_by: Option<UserId>,
    /// In the order in which the emoji first came.
    pub reactions: Vec<ReactionView>,
    pub pinned: bool,
    pub reply: Option<ReplyView>,
    /// Whether it mentions this person, by name, as everybody in the conversation, or as one of those who were there.
    pub mentions_me: bool,
    /// Whether something this person did to it is on its way.
    pub pending: bool,
}

/// One emoji beside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReactionView {
    pub emoji: String,
    /// Who put it there, the earliest first.
    pub people: Vec<UserId>,
    /// Whether this person did.
    pub mine: bool,
}

/// The message that another one answers, as far as this device holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplyView {
    pub seq: u64,
    /// Null when this device does not hold it.
    pub author: Option<UserId>,
    /// The beginning of its text, at most 200 characters; null when it is not held or was deleted.
    pub excerpt: Option<String>,
    pub deleted: bool,
}

/// What a person can do to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum MessageAct {
    Edit { body: String },
    Delete,
    React { emoji: String, on: bool },
    Pin { on: bool },
}

/// A stretch of a conversation as this device holds it, in ascending order of seq, without a hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelinePage {
    pub conversation: ConversationId,
    pub items: Vec<TimelineItem>,
    /// The seq of the first entry of the page, which may be no item; 0 for an empty page. [`crate::Client::earlier`]
    /// goes on before it.
    pub first: u64,
    /// The seq of the last entry of the page; 0 for an empty page. [`crate::Client::later`] goes on after it.
    pub last: u64,
    /// Whether there is anything before the first entry (on this device or on the server).
    pub has_earlier: bool,
    /// Whether the page reaches the newest entry that is known.
    pub reaches_end: bool,
}

/// Messages that mention this person, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MentionsPage {
    pub messages: Vec<MessageView>,
    /// What [`crate::Client::mentions`] goes on with; null on the last page.
    pub next: Option<String>,
}

/// How far somebody else has read in a direct or group conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceiptView {
    pub person: UserId,
    pub ordinal: u64,
}

/// Whether somebody is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresenceView {
    pub person: UserId,
    pub presence: Presence,
    /// When they were last active, by this device's clock; null when that is not known.
    pub last_seen: Option<UnixMs>,
}

/// Where people may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerChoice {
    /// Addresses that are offered, the usual one first.
    pub offered: Vec<String>,
    /// Whether people may name another one.
    pub others: bool,
}

/// What an invitation's link says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InvitationLink {
    /// The server's address.
    pub server: String,
    pub code: String,
}

/// Everything needed to draw a conversation that was just chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenConversation {
    pub row: ConversationRow,
    pub page: TimelinePage,
    pub pending: Vec<PendingMessage>,
    pub draft: String,
    /// What is known of how far others have read; empty for channels.
    pub receipts: Vec<ReceiptView>,
}

/// What a server says about itself before anyone signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerInfo {
    /// The address as it will be used, scheme and host.
    pub address: String,
    pub workspace: String,
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CodeSent {
    pub email: String,
    /// By this device's clock.
    pub expires_at: UnixMs,
    /// When another code may be asked for, by this device's clock.
    pub resend_at: UnixMs,
}

/// A channel one may join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChannelRow {
    pub id: ConversationId,
    pub name: String,
    pub visibility: Visibility,
    pub member_count: u32,
    pub membership: Membership,
}

/// Why something could not be done. The window has a sentence for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Failure {
    /// The text is not an address of a server.
    #[error("not a server address: {address}")]
    InvalidAddress { address: String },
    /// Whoever looks after this device lets nobody sign in at this server.
    #[error("this device does not sign in at {address}")]
    ServerNotAllowed { address: String },
    /// The server did not answer: wrong address, no network, or it is stopped.
    #[error("cannot reach {address}: {detail}")]
    Unreachable { address: String, detail: String },
    /// The certificate of the server is not trusted.
    #[error("the certificate of {address} is not trusted: {certificate}")]
    CertificateNotTrusted {
        address: String,
        certificate: Box<CertificateFault>,
    },
    /// The proxy between this device and the server did not let it through.
    #[error("the proxy {proxy} is in the way: {fault}")]
    Proxy { proxy: String, fault: ProxyFault },
    /// Something answers at the address, but it is not a Loquat server this app understands.
    #[error("{address} is not a Loquat server")]
    NotLoquat { address: String },
    /// The server refused, with its code and sentence.
    #[error("{code}: {detail}")]
    Refused {
        code: ErrorCode,
        detail: String,
        retry_after_s: Option<u32>,
        tries_left: Option<u32>,
    },
    /// Nobody is signed in.
    #[error("not signed in")]
    SignedOut,
    /// This device's disk is full or cannot be written.
    #[error("this device cannot store it: {detail}")]
    Storage { detail: String },
}

impl Failure {
    /// Whether the same would fail again later: the server has refused it, and not because it was busy.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::CertificateNotTrusted { .. }
            | Self::Proxy { .. }
            | Self::NotLoquat { .. } => false,
            Self::Refused { code, .. } => code.status() < 500 && *code != ErrorCode::RateLimited,
            Self::InvalidAddress { .. } | Self::ServerNotAllowed { .. } | Self::SignedOut | Self::Storage { .. } => {
                true
            }
        }
    }
}
