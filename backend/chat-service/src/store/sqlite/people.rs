//! The copy of people in SQLite.

use async_trait::async_trait;
use protocol::event::{PersonChanged, WorkspaceChanged};
use protocol::rest::identity::ChannelCreation;
use protocol::{Role, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::SqliteStore;
use super::rows::{self, number, signed};
use crate::store::{PersonStore, StoreError};

#[async_trait]
impl PersonStore for SqliteStore {
    async fn put_person(&self, person: PersonChanged) -> Result<bool, StoreError> {
        let put = move |connection: &Connection| {
            let mut upsert = connection.prepare_cached(
                "INSERT INTO people (id, name, active, version, role) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, active = excluded.active,
                   role = excluded.role, version = excluded.version WHERE excluded.version > version",
            )?;
            let parameters = (
                person.id.as_str(),
                &person.name,
                person.active,
                signed(person.version),
                role_text(person.role),
            );
            Ok(upsert.execute(parameters)? > 0)
        };
        self.database.write(put).await
    }

    async fn person(&self, id: &UserId) -> Result<Option<PersonChanged>, StoreError> {
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query =
                connection.prepare_cached("SELECT id, name, active, version, role FROM people WHERE id = ?1")?;
            let found = query.query_row([id.as_str()], |row| {
                Ok(PersonChanged {
                    id: rows::id(row, 0)?,
                    name: row.get(1)?,
                    active: row.get(2)?,
                    version: number(row, 3)?,
                    role: role(row, 4)?,
                })
            });
            Ok(found.optional()?)
        };
        self.database.read(read).await
    }

    async fn put_workspace(&self, workspace: WorkspaceChanged) -> Result<bool, StoreError> {
        let put = move |connection: &Connection| {
            let mut upsert = connection.prepare_cached(
                "INSERT INTO workspace (id, channel_creation, version) VALUES (1, ?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET channel_creation = excluded.channel_creation,
                   version = excluded.version WHERE excluded.version > version",
            )?;
            let who = match workspace.channel_creation {
                ChannelCreation::Everyone => EVERYONE,
                ChannelCreation::Administrators => ADMINISTRATORS,
            };
            Ok(upsert.execute((who, signed(workspace.version)))? > 0)
        };
        self.database.write(put).await
    }

    async fn workspace(&self) -> Result<Option<WorkspaceChanged>, StoreError> {
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached("SELECT channel_creation, version FROM workspace")?;
            let found = query.query_row([], |row| {
                let channel_creation = match row.get_ref(0)?.as_str()? {
                    EVERYONE => ChannelCreation::Everyone,
                    ADMINISTRATORS => ChannelCreation::Administrators,
                    other => return Err(rows::unreadable(0, format!("nobody who makes channels: {other}"))),
                };
                Ok(WorkspaceChanged {
                    channel_creation,
                    version: number(row, 1)?,
                })
            });
            Ok(found.optional()?)
        };
        self.database.read(read).await
    }
}

const EVERYONE: &str = "everyone";
const ADMINISTRATORS: &str = "administrators";

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Administrator => "administrator",
    }
}

fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    match row.get_ref(column)?.as_str()? {
        "member" => Ok(Role::Member),
        "administrator" => Ok(Role::Administrator),
        other => Err(rows::unreadable(column, format!("no role: {other}"))),
    }
}
