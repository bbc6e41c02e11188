//! The copy of people in SQLite.

use async_trait::async_trait;
use protocol::UserId;
use protocol::event::PersonChanged;
use rusqlite::{Connection, OptionalExtension as _};

use super::SqliteStore;
use super::rows::{self, number, signed};
use crate::store::{PersonStore, StoreError};

#[async_trait]
impl PersonStore for SqliteStore {
    async fn put_person(&self, person: PersonChanged) -> Result<bool, StoreError> {
        let put = move |connection: &Connection| {
            let mut upsert = connection.prepare_cached(
                "INSERT INTO people (id, name, active, version) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, active = excluded.active,
                   version = excluded.version WHERE excluded.version > version",
            )?;
            let parameters = (person.id.as_str(), &person.name, person.active, signed(person.version));
            Ok(upsert.execute(parameters)? > 0)
        };
        self.database.write(put).await
    }

    async fn person(&self, id: &UserId) -> Result<Option<PersonChanged>, StoreError> {
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached("SELECT id, name, active, version FROM people WHERE id = ?1")?;
            let found = query.query_row([id.as_str()], |row| {
                Ok(PersonChanged {
                    id: rows::id(row, 0)?,
                    name: row.get(1)?,
                    active: row.get(2)?,
                    version: number(row, 3)?,
                })
            });
            Ok(found.optional()?)
        };
        self.database.read(read).await
    }
}
