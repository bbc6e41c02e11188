//! What a socket's slots begin with, and what is read from the store for them.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::frame::{Cursor, ServerFrame};
use protocol::timeline::MessageState;
use protocol::{Conversation, ConversationId, Entry, ErrorCode, Membership, UserId};

use super::connection::{Connection, Done};
use super::delivery::{Outcome, cannot_go_on};
use super::slots::{Load, Slot, Stage};
use crate::chat::Chat;
use crate::conversations::{Own, of_former, of_record, own};
use crate::fanout::feed::older::Stretch;
use crate::fanout::signal::{Close, SlotNumber};
use crate::history::{self, Newest};
use crate::refusal::Refusal;
use crate::store::{Listed, Record, StoreError};

/// Reads from the store that one socket has running at a time.
const LOADS_AT_ONCE: usize = 4;
/// Room in a `truncated` frame for everything but the entries.
const FRAME_AROUND_ENTRIES: usize = 1024;

pub(super) enum Loaded {
    Stretch(Result<Arc<Stretch>, StoreError>),
    Newest(Box<Result<(Option<Conversation>, Newest), Refusal>>),
}

impl Connection {
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
            feed.begin_at(conversation.tail.seq);
            let cursor = cursors.remove(&conversation.id);
            let opening = opening(conversation, cursor.as_ref(), most_behind);
            let number = self.slots.add(feed, &self.signal);
            let Some(slot) = self.slots.get(number) else { continue };
            slot.cursor = cursor.map_or(0, |cursor| cursor.seq);
            slot.member_since = conversation.member_seq;
            let how = match &opening {
                Some(Stage::Live) => "live",
                Some(_) => "resumed",
                None => "anew",
            };
            self.app.chat.measures.resumes.count(how);
            match opening {
                Some(stage) => slot.stage = stage,
                None => self.load(number, Load::Newest),
            }
        }
    }

    /// Reads from the store for a slot, now or when it is its turn.
    pub(super) fn load(&mut self, number: SlotNumber, load: Load) {
        let Some(slot) = self.slots.get(number) else { return };
        slot.stage = Stage::Waiting(load);
        slot.take_place();
        let birth = slot.birth;
        self.to_load.push_back((number, birth));
        self.start_loads();
    }

    pub(super) fn start_loads(&mut self) {
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

    pub(super) fn begin_reading(
        &mut self,
        number: SlotNumber,
        stretch: Result<Arc<Stretch>, StoreError>,
    ) -> Result<(), Close> {
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

    pub(super) fn begin_at_newest(
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
    let own = if introduce {
        Some(own(chat, user, &desk).await?)
    } else {
        None
    };
    let newest = history::newest(chat, &desk, user, bytes).await?;
    let introduced = own.map(|own| desk.look(|record| introduction(record, user, own)));
    Ok((introduced, newest))
}

/// How a conversation looks to somebody who was a member when its page was read. Who was removed since is told so by what
/// follows the page, and not before; what was changed after they left is not for them (P6).
fn introduction(record: &Record, user: &UserId, own: Own) -> Conversation {
    of_former(record, user).map_or_else(
        || of_record(record, user, own),
        |former| Conversation {
            membership: Membership::Member,
            ..former
        },
    )
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
