//! How far people have read.

use std::time::Duration;

use protocol::{ConversationId, ErrorCode, ReadMark, UserId};

use crate::chat::Chat;
use crate::log::standing::require_member;
use crate::nodes::allowance::Kind;
use crate::refusal::Refusal;
use crate::store::StoreError;

/// The pauses before asking what became of a mark.
const ASK_AGAIN_AFTER: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(250),
    Duration::from_secs(1),
];

/// Takes one request that is not a message from what the person may ask now.
pub fn take_turn(chat: &Chat, person: &UserId) -> Result<(), Refusal> {
    chat.allowance
        .take(Kind::Read, person, chat.clock.now())
        .map_err(|wait| Refusal::new(ErrorCode::RateLimited, "Too many requests.").retry_after_ms(wait.0))
}

/// Keeps the later of the held mark and this one, tells it to all the person's devices and answers it.
///
/// Nobody has read what is not written: an ordinal beyond the newest message counts as that one.
pub async fn mark(
    chat: &Chat,
    person: &UserId,
    conversation: &ConversationId,
    mark: ReadMark,
) -> Result<ReadMark, Refusal> {
    take_turn(chat, person)?;
    let desk = chat.open(conversation).await?;
    let newest = desk.look(|record| require_member(record, person).map(|()| record.tail.ordinal))?;
    let mark = ReadMark {
        ordinal: mark.ordinal.min(newest),
        ..mark
    };
    // Only who ever marked something as unread has another generation than the first.
    let before = if mark.generation > 0 {
        chat.store.read_mark(person, conversation).await.unwrap_or_default()
    } else {
        ReadMark::default()
    };
    let held = match chat.store.raise_read_mark(person, conversation, mark).await {
        Err(StoreError::Unknown) => find_out(chat, person, conversation, mark).await?,
        raised => raised?,
    };
    chat.sockets.read(person, conversation, held);
    if held.generation > before.generation {
        // What is unread again may mention them, and lie where a device holds nothing.
        chat.sockets.changed(person, conversation);
    }
    Ok(held)
}

/// After an unknown outcome: asks whether the mark was kept, because what was kept must reach the other devices.
async fn find_out(
    chat: &Chat,
    person: &UserId,
    conversation: &ConversationId,
    mark: ReadMark,
) -> Result<ReadMark, Refusal> {
    for wait in ASK_AGAIN_AFTER {
        tokio::time::sleep(wait).await;
        match chat.store.read_mark(person, conversation).await {
            Ok(held) if held.later(mark) == held => return Ok(held),
            // Not kept, as far as anybody can tell: the client repeats it.
            Ok(_older) => break,
            Err(fault) => tracing::debug!(%fault, "cannot find out whether a read mark was kept"),
        }
    }
    Err(StoreError::Unknown.into())
}

#[cfg(test)]
mod tests;
