//! Pictures as rows: one of each person who has one.

use async_trait::async_trait;
use protocol::UserId;
use rusqlite::{Connection, OptionalExtension as _, params};
use service_kit::store::StoreError;

use super::SqliteStore;
use super::people::replace;
use crate::people::Person;
use crate::pictures::Picture;
use crate::store::{PictureStore, Replaced};

#[async_trait]
impl PictureStore for SqliteStore {
    async fn replace_picture(&self, changed: &Person, picture: Option<&Picture>) -> Result<Replaced, StoreError> {
        let (changed, picture) = (changed.clone(), picture.cloned());
        let write = move |connection: &Connection| {
            let replaced = replace(connection, &changed)?;
            if replaced == Replaced::Done {
                keep(connection, &changed.id, picture.as_ref())?;
            }
            Ok(replaced)
        };
        self.database.write(write).await
    }

    async fn picture(&self, person: &UserId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let (person, name) = (person.clone(), name.to_owned());
        let read = move |connection: &Connection| {
            Ok(connection
                .prepare_cached("SELECT png FROM pictures WHERE person = ?1 AND name = ?2")?
                .query_row(params![person.as_str(), name], |row| row.get(0))
                .optional()?)
        };
        self.database.read(read).await
    }
}

fn keep(connection: &Connection, person: &UserId, picture: Option<&Picture>) -> Result<(), StoreError> {
    match picture {
        Some(picture) => {
            let sql = "INSERT INTO pictures (person, name, png) VALUES (?1, ?2, ?3)
                       ON CONFLICT (person) DO UPDATE SET name = excluded.name, png = excluded.png";
            connection
                .prepare_cached(sql)?
                .execute(params![person.as_str(), picture.name, picture.png])?;
        }
        None => {
            connection
                .prepare_cached("DELETE FROM pictures WHERE person = ?1")?
                .execute([person.as_str()])?;
        }
    }
    Ok(())
}
