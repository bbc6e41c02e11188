//! How far others have read, in direct and group conversations.
//!
//! A receipt is the highest ordinal a person has ever read. So marking something as unread is one's own affair: it
//! takes back nothing that others have seen.

use protocol::{ConversationId, ConversationKind, Receipt, UserId};

use crate::chat::Chat;
use crate::log::Desk;
use crate::log::standing::require_reader;
use crate::read_marks::take_turn;
use crate::refusal::Refusal;
use crate::store::{Record, StoreError};

/// Whether people are told of each other how far they have read. In a channel there would be too many to care.
pub fn are_told(record: &Record) -> bool {
    record.kind != ConversationKind::Channel
}

/// How far everyone has read; empty for channels.
pub async fn of(chat: &Chat, person: &UserId, conversation: &ConversationId) -> Result<Vec<Receipt>, Refusal> {
    take_turn(chat, person)?;
    let desk = chat.open(conversation).await?;
    desk.look(|record| require_reader(record, person))?;
    Ok(of_members(chat, &desk).await?)
}

/// How far each member has read; who asks must have been checked.
pub async fn of_members(chat: &Chat, desk: &Desk) -> Result<Vec<Receipt>, StoreError> {
    let (id, members) = desk.look(|record| {
        let members = record.fold.current_members().filter(|_| are_told(record));
        (record.id.clone(), members.cloned().collect::<Vec<UserId>>())
    });
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let read = chat.store.receipts(&id, members.clone()).await?;
    let ordinal = |member: &UserId| {
        read.iter()
            .find(|receipt| receipt.person == *member)
            .map_or(0, |read| read.ordinal)
    };
    let receipts = members.into_iter().map(|person| Receipt {
        ordinal: ordinal(&person),
        person,
    });
    Ok(receipts.collect())
}
