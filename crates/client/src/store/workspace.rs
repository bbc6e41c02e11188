//! How the workspace is set up, as far as this device knows.

use protocol::rest::identity::WorkspaceSettings;
use rusqlite::{Connection, OptionalExtension};

use super::{StoreError, Writing, json, parsed};

/// The settings that were heard last.
pub(crate) fn settings(disk: &Connection) -> Result<Option<WorkspaceSettings>, StoreError> {
    let settings = disk.query_row("SELECT settings FROM workspace", (), |row| parsed(row, 0));
    Ok(settings.optional()?)
}

/// Keeps what the server says, and tells it where it is different.
pub(crate) fn put(writing: &mut Writing<'_>, said: &WorkspaceSettings) -> Result<(), StoreError> {
    if settings(writing.disk)?.as_ref() == Some(said) {
        return Ok(());
    }
    writing.disk.execute(
        "INSERT OR REPLACE INTO workspace (one, settings) VALUES (1, ?1)",
        [json(said)?],
    )?;
    writing.workspace(said);
    Ok(())
}
