//! Bringing a socket what happens in its conversations, by cursors.
//!
//! A slot's entries leave in the order of seq without a hole or a double, because there is one cursor and only the
//! entry right behind it is ever sent. The person's own `left` is the last one (P6): a slot ends there, whether the
//! entry came from the frame log or from the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use protocol::frame::{Cursor, ServerFrame};
use protocol::timeline::MessageState;
use protocol::{Conversation, ConversationId, Entry, ErrorCode, ReadMark, UserId};

use super::connection::{Connection, Done, Greeting};
use super::passage::Passage;
use super::slots::{Load, Slot, Stage};
use crate::chat::Chat;
use crate::conversations::{of_former, of_record};
use crate::fanout::feed::Reading;
use crate::fanout::feed::older::Stretch;
use crate::fanout::signal::{Close, SlotNumber};
use crate::history::{self, Newest};
use crate::log::Desk;
use crate::refusal::Refusal;
use crate::store::{Listed, StoreError};

/// Reads from the store that one socket has running at a time.
const LOADS_AT_ONCE: usize = 4;
/// Room in a `truncated` frame for everything but the entries.
const FRAME_AROUND_ENTRIES: usize = 1024;

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
}

pub(super) enum Loaded {
    Stretch(Result<Arc<Stretch>, StoreError>),
    Newest(Box<Result<(Option<Conversation>, Newest), Refusal>>),
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

    /// Begins to watch the person's conversations, each from where the client's copy ends.
    ///
    /// The memberships were read before the watching began. A `left` in between stands behind the cursor or the
    /// newest page, so it is met before anything that came after it.
    pub(super) fn resume(&mut self, listed: &[Listed], cursors: Vec<Cursor>) {
        let mut cursors: HashMap<ConversationId, Cursor> = cursors
            .into_iter()
            .map(|cursor| (cursor.conversation.clone(), cursor))
            .collect();
        let most_behind = u64::from(self.app.chat.limits.resume_entries);
        self.slots.reserve(listed.len());
        for conversation in listed {
            let feed = self.app.chat.feeds.get(&conversation.id, &conversation.epoch);
            let cursor = cursors.remove(&conversation.id);
            let opening = opening(conversation, cursor.as_ref(), most_behind);
            let number = self.slots.add(feed, &self.signal);
            let Some(slot) = self.slots.get(number) else { continue };
            slot.cursor = cursor.map_or(0, |cursor| cursor.seq);
            slot.member_since = conversation.member_seq;
            match opening {
                Some(stage) => slot.stage = stage,
                None => self.load(number, Load::Newest),
            }
        }
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
            let desk = chat.open(&conversation).await;
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
    fn tell_former(&mut self, conversation: ConversationId) {
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.pending.push(Box::pin(async move {
            let desk = chat.open(&conversation).await.ok();
            let former = desk.and_then(|desk| desk.look(|record| of_former(record, &user)));
            Done::Delivered(Outcome::Former(former))
        }));
    }

    /// Reads from the store for a slot, now or when it is its turn.
    fn load(&mut self, number: SlotNumber, load: Load) {
        let Some(slot) = self.slots.get(number) else { return };
        slot.stage = Stage::Waiting(load);
        let birth = slot.birth;
        self.to_load.push_back((number, birth));
        self.start_loads();
    }

    fn start_loads(&mut self) {
        while self.loads < LOADS_AT_ONCE
            && let Some((number, birth)) = self.to_load.pop_front()
        {
            self.start_load(number, birth);
        }
    }

    fn start_load(&mut self, number: SlotNumber, birth: u64) {
        let bytes = self.app.chat.limits.server_frame_bytes as usize - FRAME_AROUND_ENTRIES;
        let Some(slot) = self.slots.born(number, birth) else {
            return;
        };
        let Stage::Waiting(load) = &slot.stage else { return };
        let (feed, load, cursor) = (Arc::clone(&slot.feed), load.clone(), slot.cursor);
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.loads += 1;
        self.pending.push(Box::pin(async move {
            // One more than a client may be behind, because the first one may be the entry at its cursor.
            let limit = u64::from(chat.limits.resume_entries) + 1;
            let loaded = match load {
                Load::After => Loaded::Stretch(feed.older(&*chat.store, cursor + 1, limit).await),
                Load::From(_) => Loaded::Stretch(feed.older(&*chat.store, cursor, limit).await),
                Load::Newest => Loaded::Newest(Box::new(newest(&chat, &feed.conversation, &user, bytes, false).await)),
                Load::Added => Loaded::Newest(Box::new(newest(&chat, &feed.conversation, &user, bytes, true).await)),
            };
            Done::Delivered(Outcome::Loaded { number, birth, loaded })
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
        }
    }

    fn begin_reading(&mut self, number: SlotNumber, stretch: Result<Arc<Stretch>, StoreError>) -> Result<(), Close> {
        let Some(slot) = self.slots.get(number) else {
            return Ok(());
        };
        let stretch = stretch.map_err(|fault| cannot_go_on(&fault.into()))?;
        if let Stage::Waiting(Load::From(client_id)) = &slot.stage {
            let at_cursor = stretch.from(slot.cursor).first();
            if at_cursor.is_none_or(|frame| frame.client_id != *client_id) {
                self.load(number, Load::Newest);
                return Ok(());
            }
        }
        slot.stage = Stage::Reading(stretch);
        self.slots.mark(number);
        Ok(())
    }

    fn begin_at_newest(
        &mut self,
        number: SlotNumber,
        newest: Result<(Option<Conversation>, Newest), Refusal>,
    ) -> Result<(), Close> {
        let Some(slot) = self.slots.get(number) else {
            return Ok(());
        };
        let (conversation, newest) = match newest {
            Ok(newest) => newest,
            // Removed since: nothing more of it is told than that.
            Err(refusal) if refusal.code == ErrorCode::NotFound => {
                let removed = self.slots.remove(number);
                if let Some(slot) = removed {
                    self.tell_former(slot.feed.conversation.clone());
                }
                return Ok(());
            }
            Err(refusal) => return Err(cannot_go_on(&refusal)),
        };
        slot.cursor = newest.head;
        slot.member_since = newest.member_since;
        slot.stage = Stage::Live;
        let truncated = truncated(slot, newest.entries, newest.messages);
        if let Some(conversation) = conversation {
            self.push(&ServerFrame::Conversation { conversation });
        }
        self.push(&truncated);
        self.slots.mark(number);
        Ok(())
    }
}

fn truncated(slot: &Slot, entries: Vec<Entry>, messages: Vec<MessageState>) -> ServerFrame {
    ServerFrame::Truncated {
        conversation: slot.feed.conversation.clone(),
        epoch: slot.feed.epoch.clone(),
        entries,
        messages,
    }
}

/// The newest page, and with `introduce` the conversation as it is now.
async fn newest(
    chat: &Chat,
    conversation: &ConversationId,
    user: &UserId,
    bytes: usize,
    introduce: bool,
) -> Result<(Option<Conversation>, Newest), Refusal> {
    let desk = chat.open(conversation).await?;
    let read = chat.store.read_mark(user, conversation).await?;
    let newest = history::newest(chat, &desk, user, bytes).await?;
    let introduced = introduce.then(|| desk.look(|record| of_record(record, user, read)));
    Ok((introduced, newest))
}

/// How a slot begins, judged by what the client says it has; `None` when that is of no use.
fn opening(listed: &Listed, cursor: Option<&Cursor>, most_behind: u64) -> Option<Stage> {
    let cursor = cursor.filter(|cursor| cursor.epoch == listed.epoch && cursor.seq > 0)?;
    match listed.tail.seq.checked_sub(cursor.seq)? {
        0 if listed.tail.client_id.as_ref() == Some(&cursor.client_id) => Some(Stage::Live),
        behind if (1..=most_behind).contains(&behind) => Some(Stage::Resuming(cursor.client_id.clone())),
        _ => None,
    }
}

/// The store failed for this socket: closed, the client comes back with its cursors when the store does.
fn cannot_go_on(refusal: &Refusal) -> Close {
    tracing::warn!(%refusal, cause = ?refusal.cause, "cannot bring a socket up to date");
    Close::SlowReader
}
