//! Appending to the logs (P1–P3): one sequencer per conversation in use.
//!
//! [`standing`] decides what may be appended; [`sequencer`] appends it, optimistically, at head + 1; [`desks`] keeps
//! one sequencer per conversation that somebody uses; what entries fold into is kept by
//! `unsaved` until it is saved, beside the conversation itself in its `ledger`; what other nodes have stored comes in by `heard`. Nothing here knows HTTP or sockets.

mod batch;
pub mod desks;
mod heard;
mod ledger;
mod lore;
mod sequencer;
pub mod standing;
mod unsaved;

pub use desks::{Desk, Desks};
pub use standing::{Act, Proposal, Touch};

use protocol::Entry;

/// A proposal was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// This entry stands in the log, stored now or at the first try.
    Stored(Entry),
    /// It was so already; there is nothing to store.
    Unchanged,
}
