//! What the client knows, in the shape a window draws it.

use protocol::{ConversationId, ConversationKind, Entry, ErrorCode, Membership, UnixMs, UserId, Visibility};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the person is on the way from an empty app to their conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Session {
    /// Nobody is signed in. `server` is the last address used. `reason` says why, where the person did not ask for it:
    /// `session_ended`, `deactivated`, or `keychain_locked` and `keychain_missing` when the session could not be read.
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
    Connecting { since: UnixMs },
    /// Not connected since this time; the next try is at `retry_at`.
    Offline {
        since: UnixMs,
        retry_at: UnixMs,
        unsent: u32,
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
}

/// One row of the list of conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub visibility: Visibility,
    /// A channel's name; null for direct and group conversations, which are named by their members.
    pub name: Option<String>,
    /// Everyone in a direct or group conversation; empty for a channel.
    pub members: Vec<UserId>,
    pub member_count: u32,
    pub membership: Membership,
    pub head: u64,
    pub ordinal: u64,
    pub last_at: UnixMs,
    /// Messages after the read mark; the person's own last message counts as read.
    pub unread: u64,
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
    /// When it was written.
    pub written_at: UnixMs,
    /// Why it was refused; null while it waits.
    pub failure: Option<Failure>,
}

/// A stretch of a conversation as this device holds it, in ascending order of seq.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelinePage {
    pub conversation: ConversationId,
    /// Without a hole within the page.
    pub entries: Vec<Entry>,
    /// Whether there is anything before the first entry (on this device or on the server).
    pub has_earlier: bool,
    /// Whether the page reaches the newest entry that is known.
    pub reaches_end: bool,
}

/// Everything needed to draw a conversation that was just chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenConversation {
    pub row: ConversationRow,
    pub page: TimelinePage,
    pub pending: Vec<PendingMessage>,
    pub draft: String,
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
    /// The server did not answer: wrong address, no network, or it is stopped.
    #[error("cannot reach {address}: {detail}")]
    Unreachable { address: String, detail: String },
    /// The certificate of the server is not trusted.
    #[error("the certificate of {address} is not trusted: {detail}")]
    CertificateNotTrusted { address: String, detail: String },
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
