//! What the rules need from a database. Each adapter keeps the same rules, written once in `contract`.
//!
//! Where a method takes [`Note`]s, they are stored together with the change, or neither is.

pub mod migration;
mod mongo;
mod sqlite;

#[cfg(test)]
mod contract;

use async_trait::async_trait;
use protocol::{Email, SessionId, UnixMs, UserId};
use service_kit::store::StoreError;

use crate::audit::{Filter, Line, Note};
use crate::invitations::{CodeHash, Invitation};
use crate::outbox::KeptEvent;
use crate::people::{DirectoryPage, NewPerson, Person};
use crate::pictures::Picture;
use crate::sessions::{Ended, EndedSession, RefreshState, Seen, Session};
use crate::workspace::Setup;

pub(crate) use mongo::{INDEXES, MongoStore};
pub(crate) use sqlite::SqliteStore;

/// A day of UTC, counted from 1970-01-01.
pub(crate) type Day = i64;

/// What became of a changed person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replaced {
    Done,
    /// The stored person is not exactly one version older; nothing was stored.
    Outdated,
    /// It would leave the workspace without an active administrator; nothing was stored.
    LastAdministrator,
}

/// Everything this service keeps.
pub(crate) trait Store:
    PeopleStore + PictureStore + SessionStore + AddressDays + InvitationStore + OutboxStore + WorkspaceStore + AuditStore
{
}

impl<T> Store for T where
    T: PeopleStore
        + PictureStore
        + SessionStore
        + AddressDays
        + InvitationStore
        + OutboxStore
        + WorkspaceStore
        + AuditStore
{
}

/// People, found by id or by address.
#[async_trait]
pub(crate) trait PeopleStore: Send + Sync {
    async fn person(&self, id: &UserId) -> Result<Option<Person>, StoreError>;

    /// Finds a person by address without regard to case.
    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError>;

    /// Those of these people who exist, in no order.
    async fn people_by_ids(&self, ids: &[UserId]) -> Result<Vec<Person>, StoreError>;

    /// People ordered by name, then id.
    async fn directory(&self, page: &DirectoryPage) -> Result<Vec<Person>, StoreError>;

    /// Adds a person with version 1. `Duplicate` when the address or the id is taken.
    async fn add_person(&self, new: &NewPerson) -> Result<Person, StoreError>;

    /// Stores everything of the changed person but the picture.
    async fn replace_person(&self, changed: &Person, notes: &[Note]) -> Result<Replaced, StoreError>;

    /// People with a version that nobody was told about yet, at most `most`.
    async fn unannounced(&self, most: u32) -> Result<Vec<Person>, StoreError>;

    /// Remembers that others were told about this version.
    async fn mark_announced(&self, id: &UserId, version: u64) -> Result<(), StoreError>;
}

/// The picture of each person who has one.
#[async_trait]
pub(crate) trait PictureStore: Send + Sync {
    /// Stores the changed person and the picture that their row names, or removes it when they have none.
    async fn replace_picture(&self, changed: &Person, picture: Option<&Picture>) -> Result<Replaced, StoreError>;

    /// The PNG of this person's picture, if it still has this name.
    async fn picture(&self, person: &UserId, name: &str) -> Result<Option<Vec<u8>>, StoreError>;
}

/// Sessions, found by id.
#[async_trait]
pub(crate) trait SessionStore: Send + Sync {
    /// Adds a session. `Duplicate` when its code request already has one: one code, one session.
    async fn add_session(&self, session: &Session, notes: &[Note]) -> Result<(), StoreError>;

    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// The running sessions of a person, the last used first, at most `most`.
    async fn running_sessions_of(&self, user: &UserId, most: u32) -> Result<Vec<Session>, StoreError>;

    /// Running sessions of people who are not active.
    async fn running_sessions_of_the_deactivated(&self) -> Result<Vec<SessionId>, StoreError>;

    /// Moves a running session from refresh generation `to.generation - 1` to `to`; false if it is not there any more.
    async fn rotate(&self, id: &SessionId, to: &RefreshState, seen: &Seen) -> Result<bool, StoreError>;

    /// Ends a session; the first end stands, and only it is noted. Answers when it ended, or none if there is no such
    /// session.
    async fn end_session(&self, id: &SessionId, end: Ended, notes: &[Note]) -> Result<Option<UnixMs>, StoreError>;

    /// Ends every running session that was last used before.
    async fn end_sessions_unused_since(&self, since: UnixMs, end: Ended) -> Result<(), StoreError>;

    /// Sessions whose end nobody was told about yet, at most `most`.
    async fn unannounced_ends(&self, most: u32) -> Result<Vec<EndedSession>, StoreError>;

    /// Remembers that others were told about the end of this session.
    async fn mark_end_announced(&self, id: &SessionId) -> Result<(), StoreError>;

    /// Sessions that ended at this time or later, with when.
    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError>;

    /// Removes sessions that ended before. Those that were ended from elsewhere stay: their devices have to be told
    /// so whenever they come back.
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

/// Invitations. One is good when it is neither accepted nor expired nor withdrawn.
#[async_trait]
pub(crate) trait InvitationStore: Send + Sync {
    /// Adds an open invitation in place of the address's older open one; its mail is kept with it, as by
    /// [`OutboxStore::keep`].
    async fn add_invitation(
        &self,
        new: &Invitation,
        code: CodeHash,
        note: &Note,
        mail: &KeptEvent,
    ) -> Result<(), StoreError>;

    /// One of those that are listed.
    async fn invitation(&self, id: &str) -> Result<Option<Invitation>, StoreError>;

    /// The newest first, at most `most`.
    async fn invitations(&self, most: u32) -> Result<Vec<Invitation>, StoreError>;

    /// Removes an invitation that was not accepted; false if there is none.
    async fn withdraw_invitation(&self, id: &str, note: &Note) -> Result<bool, StoreError>;

    /// Accepts the good invitation of this code and answers it as it is then; none if there is none.
    async fn accept_invitation(&self, code: &CodeHash, at: UnixMs) -> Result<Option<Invitation>, StoreError>;

    /// Accepts the good invitation of this address. One that was accepted and has not expired is answered, too:
    /// whoever accepted it may have been cut off before they were added.
    async fn accept_invitation_of(&self, email: &Email, at: UnixMs) -> Result<Option<Invitation>, StoreError>;

    /// Whether [`Self::accept_invitation_of`] would answer one.
    async fn is_invited(&self, email: &Email, at: UnixMs) -> Result<bool, StoreError>;

    /// Removes invitations that expired before, accepted or not.
    async fn forget_invitations_before(&self, before: UnixMs) -> Result<(), StoreError>;
}

/// Events that are to be published.
#[async_trait]
pub(crate) trait OutboxStore: Send + Sync {
    /// Keeps an event until it is forgotten. Keeping one twice is fine.
    async fn keep(&self, event: &KeptEvent) -> Result<(), StoreError>;

    /// What is kept, the oldest first, at most `most`.
    async fn waiting(&self, most: u32) -> Result<Vec<KeptEvent>, StoreError>;

    /// Forgets an event. Forgetting twice is fine.
    async fn forget(&self, id: &str) -> Result<(), StoreError>;
}

/// How the workspace is set up.
#[async_trait]
pub(crate) trait WorkspaceStore: Send + Sync {
    /// Stores the first values, unless there are some.
    async fn set_up(&self, first: &Setup) -> Result<(), StoreError>;

    async fn setup(&self) -> Result<Setup, StoreError>;

    /// Stores the changed settings if the stored ones are exactly one version older; false if they are not.
    async fn replace_setup(&self, changed: &Setup, note: &Note) -> Result<bool, StoreError>;
}

/// The audit log. Lines are added and never changed.
#[async_trait]
pub(crate) trait AuditStore: Send + Sync {
    /// Adds a line that is not about a change.
    async fn note(&self, note: &Note) -> Result<(), StoreError>;

    /// Lines that fit, the newest first, at most `most`.
    async fn audit_lines(&self, filter: &Filter, most: u32) -> Result<Vec<Line>, StoreError>;
}
