//! Counts per address and day.

use async_trait::async_trait;
use protocol::Email;
use rusqlite::{Connection, params};
use service_kit::store::StoreError;

use super::SqliteStore;
use crate::store::{AddressDays, Day};

#[async_trait]
impl AddressDays for SqliteStore {
    async fn count_code(&self, email: &Email, day: Day, most: u32) -> Result<bool, StoreError> {
        let sql = "INSERT INTO address_days (email_key, day, codes, tries) VALUES (?1, ?2, 1, 0)
                   ON CONFLICT DO UPDATE SET codes = codes + 1 WHERE codes < ?3";
        self.count(sql, email, day, most).await
    }

    async fn count_try(&self, email: &Email, day: Day, most: u32) -> Result<bool, StoreError> {
        let sql = "INSERT INTO address_days (email_key, day, codes, tries) VALUES (?1, ?2, 0, 1)
                   ON CONFLICT DO UPDATE SET tries = tries + 1 WHERE tries < ?3";
        self.count(sql, email, day, most).await
    }

    async fn forget_days_before(&self, day: Day) -> Result<(), StoreError> {
        let write = move |connection: &Connection| {
            connection
                .prepare_cached("DELETE FROM address_days WHERE day < ?1")?
                .execute([day])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

impl SqliteStore {
    async fn count(&self, sql: &'static str, email: &Email, day: Day, most: u32) -> Result<bool, StoreError> {
        let key = email.key();
        let write =
            move |connection: &Connection| Ok(connection.prepare_cached(sql)?.execute(params![key, day, most])? == 1);
        self.database.write(write).await
    }
}
