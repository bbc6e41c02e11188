//! Entries on their way from a feed to one socket.

use std::ops::ControlFlow;

use protocol::UserId;

use super::slots::Slot;
use super::stream::HIGH_WATER_BYTES;
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
        self.slot.feed.count_delivery();
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use protocol::{Entry, EntryKind, SessionId};

    use super::super::slots::Slots;
    use super::*;
    use crate::fanout::feed::{Feed, Feeds, Reading};
    use crate::fanout::signal::Signal;
    use crate::testing::{conversation, message, user};

    /// A socket of the first person that watches a feed with these entries.
    fn watching(entries: &[Entry]) -> (Arc<Feed>, Slots, u32) {
        let feed = Feeds::new(10_000_000).get(&conversation(1), "e");
        feed.push(entries);
        let mut slots = Slots::new();
        let signal = Arc::new(Signal::new(user(1), SessionId::from_random(1)));
        let number = slots.add(Arc::clone(&feed), &signal);
        (feed, slots, number)
    }

    #[test]
    fn no_more_is_queued_than_may_wait_and_the_cursor_stands_behind_it() {
        let long = |seq| Entry {
            kind: EntryKind::message("x".repeat(10_000), None),
            ..message(&conversation(1), seq, &user(2))
        };
        let (feed, mut slots, number) = watching(&(1..=100).map(long).collect::<Vec<_>>());
        let (slot, mut wire, me) = (slots.get(number).unwrap(), Wire::new(()), user(1));

        let mut passage = Passage::new(slot, &mut wire, &me);
        assert_eq!(feed.read(0, |frame| passage.send(frame)), Reading::Interrupted);

        assert_eq!(slot.cursor, 7);
        assert!((HIGH_WATER_BYTES..HIGH_WATER_BYTES + 11_000).contains(&wire.queued_bytes()));
    }

    #[test]
    fn nothing_passes_after_the_own_leaving_and_an_earlier_one_does_not_count() {
        let (me, id) = (user(1), conversation(1));
        let moves = |seq, kind| Entry {
            kind,
            ..message(&id, seq, &user(2))
        };
        let (feed, mut slots, number) = watching(&[
            moves(1, EntryKind::Left { person: me.clone() }),
            moves(2, EntryKind::Joined { person: me.clone() }),
            moves(3, EntryKind::Left { person: user(3) }),
            moves(4, EntryKind::Left { person: me.clone() }),
            message(&id, 5, &user(2)),
        ]);
        let (slot, mut wire) = (slots.get(number).unwrap(), Wire::new(()));
        slot.member_since = 2;

        let mut passage = Passage::new(slot, &mut wire, &me);
        let reading = feed.read(0, |frame| passage.send(frame));

        assert_eq!((reading, passage.left_at), (Reading::Interrupted, Some(4)));
        assert_eq!(slot.cursor, 4);
    }
}
