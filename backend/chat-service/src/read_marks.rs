//! How far people have read.

use protocol::{ConversationId, ErrorCode, ReadMark, UserId};

use crate::chat::Chat;
use crate::log::standing::require_member;
use crate::refusal::Refusal;

/// Takes one request that is not a message from what the person may ask now.
pub fn take_turn(chat: &Chat, person: &UserId) -> Result<(), Refusal> {
    chat.reads
        .take(person, chat.clock.now())
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
    let held = chat.store.raise_read_mark(person, conversation, mark).await?;
    chat.sockets.read(person, conversation, held);
    Ok(held)
}
