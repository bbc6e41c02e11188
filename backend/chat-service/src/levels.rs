//! Of which messages of a conversation a person wants to be told: chosen on one device, known on all.

use protocol::{ChosenLevel, ConversationId, NotificationLevel, UserId};

use crate::chat::Chat;
use crate::log::standing::require_member;
use crate::read_marks::take_turn;
use crate::refusal::Refusal;

/// Keeps the level in place of the one before, and tells it to all the person's devices.
pub async fn choose(
    chat: &Chat,
    person: &UserId,
    conversation: &ConversationId,
    level: Option<NotificationLevel>,
) -> Result<ChosenLevel, Refusal> {
    take_turn(chat, person)?;
    let desk = chat.open(conversation).await?;
    desk.look(|record| require_member(record, person))?;
    let chosen = chat.store.choose_level(person, conversation, level).await?;
    chat.sockets.changed(person, conversation);
    Ok(chosen)
}
