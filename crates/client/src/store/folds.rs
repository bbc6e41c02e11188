//! What later entries made of messages: one row for each message that is not as it was sent.
//!
//! Rows also exist for messages that are not held, because their page may come later than the entries that change them.
//! Every row can be made anew from the server: entries and statements of it may come in any order, and more than once.

use protocol::timeline::{MessageFold, MessageState};
use protocol::{ConversationId, Entry};
use rusqlite::{Connection, OptionalExtension};

use super::number::Number;
use super::{StoreError, Writing, entries, index, json, mentions, parsed};

/// What became of the message at `seq`, as far as it is known; empty when nothing did.
pub(crate) fn of(disk: &Connection, conversation: &ConversationId, seq: u64) -> Result<MessageFold, StoreError> {
    let mut select = disk.prepare_cached("SELECT state FROM fold WHERE conversation = ?1 AND seq = ?2")?;
    let fold = select.query_row((conversation.as_str(), Number(seq)), |row| parsed(row, 0));
    Ok(fold.optional()?.unwrap_or_default())
}

/// Applies an entry to the message that it changes, if it changes one.
pub(crate) fn apply(writing: &mut Writing<'_>, entry: &Entry) -> Result<(), StoreError> {
    let Some(target) = entry.kind.target() else {
        return Ok(());
    };
    let before = of(writing.disk, &entry.conversation, target)?;
    let mut fold = before.clone();
    if fold.apply(entry) {
        changed(writing, (&entry.conversation, target), &before, &fold)?;
    }
    Ok(())
}

/// Takes over what the server says became of a message.
pub(crate) fn merge(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    said: &MessageState,
) -> Result<(), StoreError> {
    let before = of(writing.disk, conversation, said.seq)?;
    let mut fold = before.clone();
    if fold.merge(&said.state) {
        changed(writing, (conversation, said.seq), &before, &fold)?;
    }
    Ok(())
}

fn changed(
    writing: &mut Writing<'_>,
    (conversation, seq): (&ConversationId, u64),
    before: &MessageFold,
    fold: &MessageFold,
) -> Result<(), StoreError> {
    writing
        .disk
        .prepare_cached("INSERT OR REPLACE INTO fold (conversation, seq, state) VALUES (?1, ?2, ?3)")?
        .execute((conversation.as_str(), Number(seq), json(fold)?))?;
    writing.touched(conversation, seq);
    if fold.edit != before.edit || fold.deleted != before.deleted {
        entries::touch_replies(writing, conversation, seq)?;
    }
    if fold.is_deleted() && !before.is_deleted() {
        entries::blank(writing.disk, conversation, seq)?;
    }
    if fold.edit != before.edit || fold.deleted != before.deleted {
        index::changed(writing.disk, conversation, seq)?;
        mentions::look(writing, conversation, seq)?;
    }
    Ok(())
}
