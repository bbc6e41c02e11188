//! The fold: what a conversation and its messages look like after its entries, the same on the server and in the client.
//!
//! Every folded field remembers the seq that last wrote it, and a removal is kept as "off at seq". So
//! applying an entry twice, or two entries in either order, ends in the same state: the fold is
//! idempotent and commutes, and a crash between storing an entry and folding it heals by folding again.

mod conversation;
mod message;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use conversation::ConversationFold;
pub use message::{Deletion, MessageEdit, MessageFold, MessageState, Reaction};

/// A folded value and the seq of the entry that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Written<T> {
    pub value: T,
    pub seq: u64,
}

/// Takes over a value unless a later entry wrote the one that is held; says whether it did.
fn write<T>(held: &mut Option<Written<T>>, value: T, seq: u64) -> bool {
    let newer = held.as_ref().is_none_or(|held| held.seq < seq);
    if newer {
        *held = Some(Written { value, seq });
    }
    newer
}
