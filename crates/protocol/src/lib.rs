//! What crosses a border: REST bodies, socket frames, events, ids, error codes and the timeline fold.
//!
//! Read in this order: [`ids`], [`entry`], [`conversation`], [`presence`], [`frame`], [`rest`], [`event`], [`error`],
//! [`limits`], [`mentions`], [`timeline`]. Nothing here does I/O, reads a clock or makes a random number: the same
//! code runs in every service, in the client and in the checker of the promises.

pub mod close;
pub mod conversation;
pub mod email;
pub mod entry;
pub mod error;
pub mod event;
pub mod frame;
pub mod ids;
pub mod limits;
pub mod mentions;
pub mod presence;
pub mod rest;
pub mod text;
pub mod timeline;

pub use conversation::{
    ChosenLevel, Conversation, ConversationKind, Membership, Mention, NotificationLevel, ReadMark, Visibility,
};
pub use email::Email;
pub use entry::{Entry, EntryKind};
pub use error::{ErrorCode, Problem};
pub use ids::{ClientId, ConversationId, SessionId, UserId};
pub use limits::Limits;
pub use presence::{Activity, PersonPresence, Presence, Receipt};
pub use rest::identity::Role;

/// Milliseconds since 1970-01-01 UTC, as every time in Loquat is written.
pub type UnixMs = i64;

/// The WebSocket subprotocol a client must offer and the server answers with.
pub const SUBPROTOCOL: &str = "loquat.v1";
