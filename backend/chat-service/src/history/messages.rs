//! What one message said at all times, and the messages that are pinned.

use std::collections::BTreeSet;

use protocol::rest::chat::{Pins, Version};
use protocol::timeline::{MessageFold, MessageState};
use protocol::{ConversationId, Entry, EntryKind, UserId};

use super::states::Noted;
use crate::chat::Chat;
use crate::log::standing::require_reader;
use crate::refusal::Refusal;

/// Pinned messages in one answer.
const MOST_PINS: u32 = 100;

/// What the message at `seq` said, the oldest version first, for whoever may read it. Nothing of a deleted message.
pub async fn versions(
    chat: &Chat,
    person: &UserId,
    conversation: &ConversationId,
    seq: u64,
) -> Result<Vec<Version>, Refusal> {
    let desk = chat.open(conversation).await?;
    desk.look(|record| require_reader(record, person))?;
    // The edits first: a deletion that comes between the two readings is seen by the second.
    let edits = chat.store.edits(conversation, seq).await?;
    let found = chat.store.messages(conversation, vec![seq]).await?;
    let message = found.into_iter().next().ok_or_else(Refusal::no_such_message)?;
    let is_deleted_now = desk.look_with_unsaved(|record, unsaved| {
        require_reader(record, person)?;
        Ok::<_, Refusal>(unsaved.get(&seq).is_some_and(MessageFold::is_deleted))
    })?;
    if is_deleted_now || message.fold.is_deleted() {
        return Ok(Vec::new());
    }
    let written = std::iter::once(message.entry).chain(edits);
    Ok(written.filter_map(version_of).collect())
}

fn version_of(entry: Entry) -> Option<Version> {
    match entry.kind {
        EntryKind::Message { body, .. } | EntryKind::Edit { body, .. } => Some(Version {
            seq: entry.seq,
            at: entry.at,
            body,
        }),
        _ => None,
    }
}

/// The pinned messages, the newest message first, for whoever may read the conversation.
pub async fn pins(chat: &Chat, person: &UserId, conversation: &ConversationId) -> Result<Pins, Refusal> {
    let desk = chat.open(conversation).await?;
    desk.look(|record| require_reader(record, person))?;
    let noted = Noted::now(&desk);
    // Some of those that are pinned in the store may be so no more, and others may have come.
    let changed = noted
        .unsaved
        .iter()
        .filter(|(_, fold)| fold.pinned.is_some() || fold.is_deleted());
    let mut seqs: BTreeSet<u64> = changed.map(|(seq, _)| *seq).collect();
    let limit = MOST_PINS.saturating_add(u32::try_from(seqs.len()).unwrap_or(u32::MAX));
    seqs.extend(chat.store.pinned(conversation, limit).await?);
    let found = chat.store.messages(conversation, seqs.into_iter().collect()).await?;
    desk.look(|record| require_reader(record, person))?;

    let mut pins = Pins {
        entries: Vec::new(),
        messages: Vec::new(),
    };
    for mut message in found.into_iter().rev() {
        let seq = message.entry.seq;
        if let Some(newer) = noted.unsaved.get(&seq) {
            message.fold.merge(newer);
        }
        if message.fold.is_pinned() && pins.entries.len() < MOST_PINS as usize {
            pins.messages.push(MessageState {
                seq,
                state: message.fold,
            });
            pins.entries.push(message.entry);
        }
    }
    Ok(pins)
}
