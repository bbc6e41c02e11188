//! The settings of the workspace as one row.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use service_kit::store::StoreError;

use super::people::{stored_version, version_of};
use super::{SqliteStore, audit, unreadable};
use crate::audit::Note;
use crate::store::WorkspaceStore;
use crate::workspace::{Setup, creation_of, creation_text};

/// No domain has one.
const SEPARATOR: &str = " ";

#[async_trait]
impl WorkspaceStore for SqliteStore {
    async fn set_up(&self, first: &Setup) -> Result<(), StoreError> {
        let is_set_up = |connection: &Connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM workspace)";
            Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
        };
        // A server that was set up before must start with a full disk, too: nothing is written then.
        if self.database.read(is_set_up).await? {
            return Ok(());
        }
        let first = first.clone();
        let write = move |connection: &Connection| {
            let sql = "INSERT INTO workspace (id, name, sign_in_domains, channel_creation, version)
                       VALUES (1, ?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
            connection.prepare_cached(sql)?.execute(params![
                first.name,
                first.sign_in_domains.join(SEPARATOR),
                creation_text(first.channel_creation),
                stored_version(first.version),
            ])?;
            Ok(())
        };
        self.database.write(write).await
    }

    async fn setup(&self) -> Result<Setup, StoreError> {
        let read = |connection: &Connection| {
            let sql = "SELECT name, sign_in_domains, channel_creation, version FROM workspace WHERE id = 1";
            connection.prepare_cached(sql)?.query_row([], |row| Ok(setup(row)))?
        };
        self.database.read(read).await
    }

    async fn replace_setup(&self, changed: &Setup, note: &Note) -> Result<bool, StoreError> {
        let (changed, note) = (changed.clone(), note.clone());
        let write = move |connection: &Connection| {
            let sql = "UPDATE workspace SET name = ?1, sign_in_domains = ?2, channel_creation = ?3, version = ?4
                       WHERE id = 1 AND version = ?4 - 1";
            let replaced = connection.prepare_cached(sql)?.execute(params![
                changed.name,
                changed.sign_in_domains.join(SEPARATOR),
                creation_text(changed.channel_creation),
                stored_version(changed.version),
            ])?;
            if replaced == 1 {
                audit::add(connection, &note)?;
            }
            Ok(replaced == 1)
        };
        self.database.write(write).await
    }
}

fn setup(row: &Row<'_>) -> Result<Setup, StoreError> {
    let (domains, creation): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(Setup {
        name: row.get(0)?,
        sign_in_domains: domains.split_whitespace().map(str::to_owned).collect(),
        channel_creation: creation_of(&creation).ok_or_else(|| unreadable("setting of who makes channels"))?,
        version: version_of(row.get(3)?),
    })
}
