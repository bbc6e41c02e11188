//! Of which messages of a conversation the person wants to be told: chosen here or on another device.

use protocol::{ChosenLevel, ConversationId, NotificationLevel};
use rusqlite::Connection;

use super::entries::id;
use super::number::Number;
use super::{StoreError, Writing, json, parsed};

/// The person chose a level on this device; the server is to be told. False when they are no member.
pub(crate) fn choose(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    level: Option<NotificationLevel>,
) -> Result<bool, StoreError> {
    let chosen = writing
        .disk
        .prepare_cached("UPDATE conversation SET level = ?2, level_unsent = 1 WHERE id = ?1")?
        .execute((conversation.as_str(), json(&level)?))?;
    writing.row(conversation);
    Ok(chosen > 0)
}

/// Takes over what the server says, unless it is older, or this device has something newer to tell.
pub(super) fn told(disk: &Connection, conversation: &ConversationId, said: ChosenLevel) -> Result<(), StoreError> {
    disk.prepare_cached(
        "UPDATE conversation SET level = ?2, level_version = ?3
         WHERE id = ?1 AND level_unsent = 0 AND level_version <= ?3",
    )?
    .execute((conversation.as_str(), json(&said.level)?, Number(said.version)))?;
    Ok(())
}

/// Levels the server was not told of.
pub(crate) fn owed(disk: &Connection) -> Result<Vec<(ConversationId, Option<NotificationLevel>)>, StoreError> {
    let mut select = disk.prepare_cached("SELECT id, level FROM conversation WHERE level_unsent = 1")?;
    let owed = select.query_map((), |row| {
        let level = parsed(row, 1)?;
        Ok((id(0, ConversationId::parse(&row.get::<_, String>(0)?))?, level))
    })?;
    Ok(owed.collect::<Result<_, _>>()?)
}

/// The server keeps the level it was told; another one that was chosen since is still owed.
pub(crate) fn kept(disk: &Connection, conversation: &ConversationId, kept: ChosenLevel) -> Result<(), StoreError> {
    disk.prepare_cached(
        "UPDATE conversation SET level_unsent = 0, level_version = max(level_version, ?3)
         WHERE id = ?1 AND level_unsent = 1 AND level = ?2",
    )?
    .execute((conversation.as_str(), json(&kept.level)?, Number(kept.version)))?;
    Ok(())
}

/// The server will never take it: what it says itself counts again.
pub(crate) fn give_up(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    disk.prepare_cached("UPDATE conversation SET level_unsent = 0 WHERE id = ?1")?
        .execute([conversation.as_str()])?;
    Ok(())
}
