//! Where one socket stands in each of its conversations.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use protocol::{ClientId, ConversationId};

use crate::fanout::feed::older::Stretch;
use crate::fanout::feed::{Feed, WatchId};
use crate::fanout::lane::Place;
use crate::fanout::signal::{Signal, SlotNumber};

/// One conversation on one socket.
pub(super) struct Slot {
    pub(super) feed: Arc<Feed>,
    watch: WatchId,
    /// Tells this slot from an earlier one with the same number.
    pub(super) birth: u64,
    /// The client has everything up to this seq; see [`Self::catch_up`].
    pub(super) cursor: u64,
    /// Where entries are brought past this task.
    place: Arc<Place>,
    /// The seq that made the person a member: only a `left` after it ends the slot.
    pub(super) member_since: u64,
    /// A later seq that made them a member again, while an earlier `left` may still be on its way.
    pub(super) joined_again: u64,
    pub(super) stage: Stage,
    /// Whether it waits in the order of those to be looked at.
    is_due: bool,
}

/// How a slot gets its next entries.
pub(super) enum Stage {
    /// From the frame log, as they come.
    Live,
    /// The client says it has everything up to the cursor, where this entry stands. Not checked yet.
    Resuming(ClientId),
    /// Something is being read from the store for it.
    Waiting(Load),
    /// From what was read, then from the frame log.
    Reading(Arc<Stretch>),
}

/// What is read from the store for a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Load {
    /// Entries after the cursor.
    After,
    /// The entry at the cursor, to be compared with this one, and those after it.
    From(ClientId),
    /// The newest page.
    Newest,
    /// The conversation as it is now and the newest page, for a person who was just added.
    Added,
}

impl Slot {
    /// Takes over what was brought past this task.
    pub(super) fn catch_up(&mut self) {
        if let Some(seq) = self.place.seq() {
            self.cursor = self.cursor.max(seq);
        }
    }

    /// Lets entries be brought past this task from the cursor on, if it takes them as they come.
    pub(super) fn take_place(&self) {
        match self.stage {
            Stage::Live => self.place.stand_at(self.cursor),
            _ => self.place.leave(),
        }
    }
}

/// All slots of one socket.
pub(super) struct Slots {
    places: Vec<Option<Slot>>,
    free: Vec<SlotNumber>,
    numbers: HashMap<ConversationId, SlotNumber>,
    births: u64,
    due: VecDeque<SlotNumber>,
}

impl Slots {
    pub(super) fn new() -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
            numbers: HashMap::new(),
            births: 0,
            due: VecDeque::new(),
        }
    }

    /// Makes room for so many conversations and no more: most sockets never get another one.
    pub(super) fn reserve(&mut self, conversations: usize) {
        self.places.reserve_exact(conversations);
        self.numbers.reserve(conversations);
    }

    /// Begins to watch a conversation. The slot is due at once.
    pub(super) fn add(&mut self, feed: Arc<Feed>, signal: &Arc<Signal>) -> SlotNumber {
        let number = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            SlotNumber::try_from(self.places.len() - 1).unwrap_or(SlotNumber::MAX)
        });
        self.births += 1;
        self.numbers.insert(feed.conversation.clone(), number);
        let place = Place::elsewhere();
        let watch = feed.watch(Arc::clone(signal), number, Arc::clone(&place));
        let slot = Slot {
            feed,
            watch,
            place,
            birth: self.births,
            cursor: 0,
            member_since: 0,
            joined_again: 0,
            stage: Stage::Live,
            is_due: false,
        };
        if let Some(place) = self.places.get_mut(number as usize) {
            *place = Some(slot);
        }
        self.mark(number);
        number
    }

    /// Stops watching.
    pub(super) fn remove(&mut self, number: SlotNumber) -> Option<Slot> {
        let slot = self.places.get_mut(number as usize)?.take()?;
        slot.feed.unwatch(slot.watch);
        self.numbers.remove(&slot.feed.conversation);
        self.free.push(number);
        Some(slot)
    }

    pub(super) fn get(&mut self, number: SlotNumber) -> Option<&mut Slot> {
        self.places.get_mut(number as usize)?.as_mut()
    }

    /// The slot, if it is still the one that was born then.
    pub(super) fn born(&mut self, number: SlotNumber, birth: u64) -> Option<&mut Slot> {
        self.get(number).filter(|slot| slot.birth == birth)
    }

    /// The slot of a conversation.
    pub(super) fn of(&mut self, conversation: &ConversationId) -> Option<&mut Slot> {
        let number = *self.numbers.get(conversation)?;
        self.get(number)
    }

    /// The slot is to be looked at.
    pub(super) fn mark(&mut self, number: SlotNumber) {
        if let Some(Some(slot)) = self.places.get_mut(number as usize)
            && !slot.is_due
        {
            slot.is_due = true;
            self.due.push_back(number);
        }
    }

    /// The next slot to be looked at.
    pub(super) fn next_due(&mut self) -> Option<SlotNumber> {
        while let Some(number) = self.due.pop_front() {
            if let Some(slot) = self.get(number) {
                slot.is_due = false;
                return Some(number);
            }
        }
        None
    }

    pub(super) fn has_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Stops watching everything.
    pub(super) fn clear(&mut self) {
        for slot in self.places.drain(..).flatten() {
            slot.feed.unwatch(slot.watch);
        }
        self.numbers.clear();
        self.due.clear();
    }
}
