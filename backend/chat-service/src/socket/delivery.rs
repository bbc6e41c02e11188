//! Bringing a socket what happens in its conversations, by cursors.
//!
//! A slot's entries leave in the order of seq without a hole or a double, because there is one cursor and only the
//! entry right behind it is ever sent. The person's own `left` is the last one (P6): a slot ends there, whether the
//! entry came from the frame log or from the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::frame::ServerFrame;
use protocol::{Conversation, ConversationId, ErrorCode, Membership, ReadMark};

use super::connection::{Connection, Done, Greeting};
use super::loading::Loaded;
use super::passage::Passage;
use super::slots::{Load, Stage};
use crate::conversations::{self, of_former};
use crate::fanout::feed::Reading;
use crate::fanout::signal::{Close, SlotNumber};
use crate::log::Desk;
use crate::refusal::Refusal;

/// What was read for a slot, or for the person.
pub(super) enum Outcome {
    Loaded {
        number: SlotNumber,
        birth: u64,
        loaded: Loaded,
    },
    /// A conversation the person was added to, at this seq.
    Opened {
        conversation: ConversationId,
        seq: u64,
        desk: Result<Arc<Desk>, Refusal>,
    },
    /// How a conversation looks to somebody who has just left it.
    Former(Option<Conversation>),
    /// How a conversation looks now in which something changed that only concerns the person.
    Changed(Result<Conversation, Refusal>),
}

impl Connection {
    /// Takes what waits for this socket and puts as much as there is room for into the queue.
    pub(super) fn deliver(&mut self) -> Result<(), Close> {
        if !matches!(self.greeting, Greeting::Entered) {
            return self.signal.take_close().map_or(Ok(()), Err);
        }
        let waiting = self.signal.take();
        if let Some(reason) = waiting.close {
            return Err(reason);
        }
        for number in waiting.slots {
            self.slots.mark(number);
        }
        self.hold(waiting.signs);
        self.join_new(waiting.added);
        for conversation in waiting.changed {
            self.tell_anew(conversation);
        }
        self.tell_read_marks(waiting.read);
        if waiting.people {
            self.tell_people()?;
        }
        while self.room_bytes() > 0
            && let Some(number) = self.slots.next_due()
        {
            self.deliver_slot(number)?;
        }
        self.tell_signs();
        Ok(())
    }

    pub(super) fn tell_read_marks(&mut self, marks: BTreeMap<ConversationId, ReadMark>) {
        for (conversation, mark) in marks {
            self.push(&ServerFrame::read(conversation, mark));
        }
    }

    fn tell_people(&mut self) -> Result<(), Close> {
        let news = self.app.chat.sockets.people_news_after(self.people_seen);
        let (frames, seen) = news.ok_or(Close::SlowReader)?;
        for frame in frames {
            self.push_encoded(frame);
        }
        self.people_seen = seen;
        Ok(())
    }

    /// Tells a conversation anew, if the socket has it.
    fn tell_anew(&mut self, conversation: ConversationId) {
        if self.slots.of(&conversation).is_none() {
            return;
        }
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.pending.push(Box::pin(async move {
            let conversation = conversations::get(&chat, &user, &conversation).await;
            Done::Delivered(Outcome::Changed(conversation))
        }));
    }

    /// Opens the conversations the person was added to meanwhile.
    fn join_new(&mut self, added: BTreeMap<ConversationId, u64>) {
        for (conversation, seq) in added {
            match self.slots.of(&conversation) {
                Some(slot) => slot.joined_again = slot.joined_again.max(seq),
                None => self.open_added(conversation, seq),
            }
        }
    }

    fn open_added(&mut self, conversation: ConversationId, seq: u64) {
        let chat = Arc::clone(&self.app.chat);
        self.pending.push(Box::pin(async move {
            let desk = async {
                let desk = chat.open(&conversation).await?;
                // What another node says comes on several ways: this may be before the entry.
                desk.reach(seq).await?;
                Ok(desk)
            };
            let desk = desk.await;
            Done::Delivered(Outcome::Opened {
                conversation,
                seq,
                desk,
            })
        }));
    }

    fn deliver_slot(&mut self, number: SlotNumber) -> Result<(), Close> {
        let most_behind = u64::from(self.app.chat.limits.resume_entries);
        let Self {
            slots, stream, signal, ..
        } = self;
        let wire = stream.get_mut();
        let Some(slot) = slots.get(number) else {
            return Ok(());
        };
        slot.catch_up();
        match &slot.stage {
            Stage::Waiting(_) => {}
            Stage::Resuming(client_id) => {
                let load = match slot.feed.has_entry(slot.cursor, client_id) {
                    Some(true) => None,
                    Some(false) => Some(Load::Newest),
                    None => Some(Load::From(client_id.clone())),
                };
                if let Some(load) = load {
                    self.load(number, load);
                } else {
                    slot.stage = Stage::Live;
                    self.slots.mark(number);
                }
            }
            Stage::Reading(stretch) => {
                let stretch = Arc::clone(stretch);
                let mut passage = Passage::new(slot, wire, &signal.user);
                let interrupted = stretch
                    .from(passage.slot.cursor + 1)
                    .iter()
                    .try_for_each(|frame| passage.send(frame));
                let left_at = passage.left_at;
                if interrupted.is_continue() {
                    slot.stage = Stage::Live;
                }
                self.after_passage(number, left_at);
            }
            Stage::Live => {
                let feed = Arc::clone(&slot.feed);
                let mut passage = Passage::new(slot, wire, &signal.user);
                let reading = feed.read(passage.slot.cursor, |frame| passage.send(frame));
                let (left_at, cursor) = (passage.left_at, slot.cursor);
                slot.take_place();
                match reading {
                    Reading::ToTheEnd => {}
                    Reading::Interrupted => self.after_passage(number, left_at),
                    Reading::Gone { head } if head - cursor > most_behind => return Err(Close::SlowReader),
                    Reading::Gone { .. } => self.load(number, Load::After),
                }
            }
        }
        Ok(())
    }

    fn after_passage(&mut self, number: SlotNumber, left_at: Option<u64>) {
        match left_at {
            Some(seq) => self.end_slot(number, seq),
            None => self.slots.mark(number),
        }
    }

    /// The person has left; if they were added again since, it begins anew.
    fn end_slot(&mut self, number: SlotNumber, left_at: u64) {
        let Some(slot) = self.slots.remove(number) else { return };
        let conversation = slot.feed.conversation.clone();
        if slot.joined_again > left_at {
            return self.open_added(conversation, slot.joined_again);
        }
        self.tell_former(conversation);
    }

    /// Says that the person is no longer in a conversation.
    pub(super) fn tell_former(&mut self, conversation: ConversationId) {
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.pending.push(Box::pin(async move {
            let desk = chat.open(&conversation).await.ok();
            let former = desk.and_then(|desk| desk.look(|record| of_former(record, &user)));
            Done::Delivered(Outcome::Former(former))
        }));
    }

    /// Goes on with what was read.
    pub(super) fn delivered(&mut self, outcome: Outcome) -> Result<(), Close> {
        match outcome {
            Outcome::Loaded { number, birth, loaded } => {
                self.loads -= 1;
                self.start_loads();
                if self.slots.born(number, birth).is_none() {
                    return Ok(());
                }
                match loaded {
                    Loaded::Stretch(stretch) => self.begin_reading(number, stretch),
                    Loaded::Newest(newest) => self.begin_at_newest(number, *newest),
                }
            }
            Outcome::Opened {
                conversation,
                seq,
                desk,
            } => {
                match desk {
                    // Two events may have opened the same one.
                    Ok(desk) if self.slots.of(&conversation).is_none() => {
                        let feed = Arc::clone(desk.feed());
                        let number = self.slots.add(feed, &self.signal);
                        if let Some(slot) = self.slots.get(number) {
                            slot.member_since = seq;
                        }
                        self.load(number, Load::Added);
                    }
                    Ok(_) => {}
                    // Coming back, the client is told of it in the welcome.
                    Err(refusal) => return Err(cannot_go_on(&refusal)),
                }
                Ok(())
            }
            Outcome::Former(former) => {
                // Added again meanwhile: the new beginning has been told, or will be.
                if let Some(conversation) = former
                    && self.slots.of(&conversation.id).is_none()
                {
                    self.push(&ServerFrame::Conversation { conversation });
                }
                Ok(())
            }
            Outcome::Changed(Ok(conversation)) => {
                // Who has left meanwhile is told that, and not this (P6).
                let is_told = self.slots.of(&conversation.id).is_some();
                if is_told && conversation.membership == Membership::Member {
                    self.push(&ServerFrame::Conversation { conversation });
                }
                Ok(())
            }
            Outcome::Changed(Err(refusal)) if refusal.code == ErrorCode::NotFound => Ok(()),
            Outcome::Changed(Err(refusal)) => Err(cannot_go_on(&refusal)),
        }
    }
}

/// The store failed for this socket: closed, the client comes back with its cursors when the store does.
pub(super) fn cannot_go_on(refusal: &Refusal) -> Close {
    tracing::warn!(%refusal, cause = ?refusal.cause, "cannot bring a socket up to date");
    Close::SlowReader
}
