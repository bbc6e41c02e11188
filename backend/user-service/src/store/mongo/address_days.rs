//! Counts per address and day, one document each.

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use protocol::Email;
use service_kit::store::StoreError;

use super::MongoStore;
use super::documents::ADDRESS_DAYS;
use crate::store::{AddressDays, Day};

#[async_trait]
impl AddressDays for MongoStore {
    async fn count_code(&self, email: &Email, day: Day, most: u32) -> Result<bool, StoreError> {
        self.count("codes", email, day, most).await
    }

    async fn count_try(&self, email: &Email, day: Day, most: u32) -> Result<bool, StoreError> {
        self.count("tries", email, day, most).await
    }

    async fn forget_days_before(&self, day: Day) -> Result<(), StoreError> {
        self.remove(ADDRESS_DAYS, doc! { "day": { "$lt": day } }).await
    }
}

impl MongoStore {
    async fn count(&self, what: &str, email: &Email, day: Day, most: u32) -> Result<bool, StoreError> {
        let id = format!("{day} {}", email.key());
        let mut below = doc! { "_id": &id };
        below.insert(what, doc! { "$lt": i64::from(most) });
        let mut one_more = Document::new();
        one_more.insert(what, 1);
        let change = doc! { "$inc": one_more };
        if self.update(ADDRESS_DAYS, below.clone(), change.clone()).await? {
            return Ok(true);
        }
        let mut first = doc! { "_id": id, "day": day, "codes": 0_i64, "tries": 0_i64 };
        first.insert(what, 1_i64);
        // It is there when the limit was reached, or when somebody else has just counted the first.
        Ok(self.insert_if_new(ADDRESS_DAYS, &first).await? || self.update(ADDRESS_DAYS, below, change).await?)
    }
}
