//! What the rules need from a database. Each adapter keeps the same rules, written once in `contract`.

mod sqlite;

#[cfg(test)]
mod contract;

use async_trait::async_trait;
use protocol::{Email, SessionId, UnixMs, UserId};
use service_kit::store::StoreError;

use crate::people::{DirectoryPage, NewPerson, Person};
use crate::sessions::{EndReason, RefreshState, Session};

pub(crate) use sqlite::SqliteStore;

/// A day of UTC, counted from 1970-01-01.
pub(crate) type Day = i64;

/// People, found by id or by address.
#[async_trait]
pub(crate) trait PeopleStore: Send + Sync {
    async fn person(&self, id: &UserId) -> Result<Option<Person>, StoreError>;

    /// Finds a person by address without regard to case.
    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError>;

    /// Those of these people who exist, in no order.
    async fn people_by_ids(&self, ids: &[UserId]) -> Result<Vec<Person>, StoreError>;

    /// Active people ordered by name, then id.
    async fn directory(&self, page: &DirectoryPage) -> Result<Vec<Person>, StoreError>;

    /// Adds a person with version 1. `Duplicate` when the address or the id is taken.
    async fn add_person(&self, new: &NewPerson) -> Result<Person, StoreError>;

    /// Stores the changed person if the stored one is exactly one version older; false if it is not.
    async fn replace_person(&self, changed: &Person) -> Result<bool, StoreError>;

    /// People with a version that nobody was told about yet, at most `most`.
    async fn unannounced(&self, most: u32) -> Result<Vec<Person>, StoreError>;

    /// Remembers that others were told about this version.
    async fn mark_announced(&self, id: &UserId, version: u64) -> Result<(), StoreError>;
}

/// Sessions, found by id.
#[async_trait]
pub(crate) trait SessionStore: Send + Sync {
    /// Adds a session. `Duplicate` when its code request already has one: one code, one session.
    async fn add_session(&self, session: &Session) -> Result<(), StoreError>;

    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Moves a running session from refresh generation `to.generation - 1` to `to`; false if it is not there any more.
    async fn rotate(&self, id: &SessionId, to: &RefreshState, used_at: UnixMs) -> Result<bool, StoreError>;

    /// Ends a session; the first end stands. Answers when it ended, or none if there is no such session.
    async fn end_session(&self, id: &SessionId, why: EndReason, at: UnixMs) -> Result<Option<UnixMs>, StoreError>;

    /// Sessions that ended at this time or later, with when.
    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError>;

    /// Removes sessions that ended before.
    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError>;
}

/// What was counted for an address on one day. Kept with the documents, so that no restart resets it.
#[async_trait]
pub(crate) trait AddressDays: Send + Sync {
    /// Counts one more code; false, and nothing is counted, when there were `most` already.
    async fn count_code(&self, email: &Email, day: Day, most: u32) -> Result<bool, StoreError>;

    /// Counts one more try; false, and nothing is counted, when there were `most` already.
    async fn count_try(&self, email: &Email, day: Day, most: u32) -> Result<bool, StoreError>;

    /// Forgets the days before this one.
    async fn forget_days_before(&self, day: Day) -> Result<(), StoreError>;
}
