//! Entries on their way from a feed to one socket.

use std::ops::ControlFlow;

use protocol::UserId;

use super::connection::HIGH_WATER_BYTES;
use super::slots::Slot;
use super::wire::Wire;
use crate::fanout::frame::{EntryFrame, Move};

/// Puts the entries behind a slot's cursor into the queue, up to the person's own `left`.
pub(super) struct Passage<'a, S> {
    pub(super) slot: &'a mut Slot,
    wire: &'a mut Wire<S>,
    user: &'a UserId,
    /// Where the person left, if they did: nothing after it may pass.
    pub(super) left_at: Option<u64>,
}

impl<'a, S> Passage<'a, S> {
    pub(super) fn new(slot: &'a mut Slot, wire: &'a mut Wire<S>, user: &'a UserId) -> Self {
        Self {
            slot,
            wire,
            user,
            left_at: None,
        }
    }

    /// Takes the next entry; breaks when it must be the last one for now.
    pub(super) fn send(&mut self, frame: &EntryFrame) -> ControlFlow<()> {
        self.wire.push(frame.bytes.clone());
        self.slot.cursor = frame.seq;
        match frame.moves.as_ref().filter(|moves| moves.person == *self.user) {
            Some(Move { joined: true, .. }) => self.slot.member_since = self.slot.member_since.max(frame.seq),
            Some(Move { joined: false, .. }) if frame.seq > self.slot.member_since => {
                self.left_at = Some(frame.seq);
                return ControlFlow::Break(());
            }
            _ => {}
        }
        if self.wire.queued_bytes() >= HIGH_WATER_BYTES {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
