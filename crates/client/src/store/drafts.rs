//! What was typed and not sent, one text per conversation.

use protocol::ConversationId;
use rusqlite::{Connection, OptionalExtension};

use super::{StoreError, Writing};

/// The draft of this conversation; empty when there is none.
pub(crate) fn of(disk: &Connection, conversation: &ConversationId) -> Result<String, StoreError> {
    let mut select = disk.prepare_cached("SELECT text FROM draft WHERE conversation = ?1")?;
    let text = select.query_row([conversation.as_str()], |row| row.get(0)).optional()?;
    Ok(text.unwrap_or_default())
}

/// Keeps a draft; an empty text removes it.
pub(crate) fn put(writing: &mut Writing<'_>, conversation: &ConversationId, text: &str) -> Result<(), StoreError> {
    let had = !of(writing.disk, conversation)?.is_empty();
    if text.is_empty() {
        writing
            .disk
            .execute("DELETE FROM draft WHERE conversation = ?1", [conversation.as_str()])?;
    } else {
        writing.disk.execute(
            "INSERT OR REPLACE INTO draft (conversation, text) VALUES (?1, ?2)",
            (conversation.as_str(), text),
        )?;
    }
    if had == text.is_empty() {
        writing.row(conversation);
    }
    Ok(())
}

/// The draft became this message. One that says something else, typed in another window perhaps, stays.
pub(crate) fn became(writing: &mut Writing<'_>, conversation: &ConversationId, body: &str) -> Result<(), StoreError> {
    let draft = of(writing.disk, conversation)?;
    // Drafts are saved a moment after typing, so what is on disk may be the beginning of what was sent.
    if !draft.is_empty() && body.starts_with(draft.trim()) {
        put(writing, conversation, "")?;
    }
    Ok(())
}
