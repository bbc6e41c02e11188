//! What is done with a note of another node.

use std::sync::Arc;

use protocol::{ConversationId, Entry, ErrorCode};

use super::comparing;
use super::note::{NodeId, Note};
use crate::chat::Chat;

/// Takes a note into account. Never waits: what takes longer is done by a task of its own.
pub fn hear(chat: &Arc<Chat>, from: &NodeId, note: Note) {
    match note {
        Note::Entries { epoch, entries } => hear_entries(chat, epoch, entries),
        Note::Grown {
            conversation,
            epoch,
            head,
        } => match chat.desks.glance(&conversation) {
            Some(desk) if desk.is_behind(&epoch, head) => desk.look_behind(),
            Some(_) => {}
            None => hear_of(chat, conversation, (epoch, head), Vec::new()),
        },
        Note::Saved { conversation, folded } => {
            if let Some(desk) = chat.desks.glance(&conversation) {
                desk.hear_saved(folded);
            }
        }
        Note::Added {
            person,
            conversation,
            seq,
        } => chat.sockets.added_here(&person, &conversation, seq),
        Note::Read {
            person,
            conversation,
            mark,
        } => chat.sockets.read_here(&person, &conversation, mark),
        Note::Changed { person, conversation } => chat.sockets.changed_here(&person, &conversation),
        Note::Person(person) => {
            chat.known.news();
            chat.sockets.person_changed_here(person);
        }
        Note::Typing { person, conversation } => {
            if chat.typing.is_due(&person, &conversation, chat.clock.now()) {
                chat.sockets.onlookers.typing(&conversation, &person);
            }
        }
        Note::Presence { people } => chat.presences.hear(from, people),
        Note::Everybody { after, until, people } => chat.presences.hear_everybody(from, (after, until), people),
        Note::Ended { sessions } => {
            for session in sessions {
                chat.ended.deny(session);
            }
        }
        Note::Used { used } => chat.allowance.hear(chat, &used),
        Note::Arrived => tell_again(chat),
        Note::Missed => comparing::after_a_gap(chat),
        Note::Beat | Note::Leaves => {}
    }
}

/// Who is there at this node and who changed lately: other nodes may have missed it.
pub(super) fn tell_again(chat: &Chat) {
    chat.presences.tell_everybody();
    chat.sockets.tell_people_again();
}

/// Entries go to the conversation's sequencer, when anybody here wants them.
fn hear_entries(chat: &Arc<Chat>, epoch: String, entries: Vec<Entry>) {
    let Some(last) = entries.last() else { return };
    match chat.desks.glance(&last.conversation) {
        // Of a log that a restore has ended, nothing counts.
        Some(desk) if desk.feed().epoch == epoch => {
            // Where nobody looks on, it may be closed; otherwise it would be opened again by the next entry.
            if desk.feed().is_watched() {
                chat.desks.note_use(&desk);
            }
            desk.hear(entries);
        }
        Some(_) => {}
        None => hear_of(chat, last.conversation.clone(), (epoch, last.seq), entries),
    }
}

/// Nobody here writes to the conversation. If somebody watches it, it is opened for them; otherwise whoever is about
/// to watch it is told how far the log of this epoch reaches.
fn hear_of(chat: &Arc<Chat>, id: ConversationId, (epoch, head): (String, u64), entries: Vec<Entry>) {
    let Some(feed) = chat.feeds.hear(&id, &epoch, head) else {
        return;
    };
    if chat.desks.is_opening(&id) {
        // One opening is enough, however long the database takes: it looks behind what it finds.
        feed.continue_after(head);
        if let Some(desk) = chat.desks.glance(&id) {
            desk.look_behind();
        }
        return;
    }
    let opening = Arc::clone(chat);
    chat.lifecycle.spawn("hearing", async move {
        match opening.open(&id).await {
            Ok(desk) if desk.feed().epoch == epoch => desk.hear(entries),
            Ok(_) => {}
            Err(refusal) if refusal.code == ErrorCode::NotFound => {}
            // Found by the next comparison.
            Err(refusal) => tracing::debug!(%refusal, conversation = %id, "cannot open what another node wrote to"),
        }
        Ok(())
    });
}
