//! People: who they are, the directory, changes.

mod announcement;
mod first_name;
mod standing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use protocol::rest::identity::ProfileChange;
use protocol::{Email, ErrorCode, Role, UnixMs, UserId, text};
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};

use crate::announcing::Announcer;
use crate::audit::Note;
use crate::store::{PeopleStore, Replaced};

pub(crate) use announcement::PeopleAnnouncement;
pub(crate) use standing::{role_of, role_text};

/// The role a new person gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstRole {
    Member,
    Administrator,
    /// Administrator if there is none yet, a member otherwise.
    AdministratorIfThereIsNone,
}

/// A person as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) email: Email,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) time_zone: String,
    pub(crate) role: Role,
    pub(crate) active: bool,
    /// The name of their picture, if they have one.
    pub(crate) picture: Option<String>,
    /// Grows by one with every change; 1 for a new person.
    pub(crate) version: u64,
    pub(crate) created_at: UnixMs,
}

impl Person {
    /// The name as the directory is ordered by.
    pub(crate) fn name_key(&self) -> String {
        self.name.to_lowercase()
    }

    /// Whether they may do what is for administrators.
    pub(crate) fn is_administrator(&self) -> bool {
        self.active && self.role == Role::Administrator
    }
}

/// A person who signs in for the first time.
#[derive(Debug, Clone)]
pub(crate) struct NewPerson {
    pub(crate) id: UserId,
    pub(crate) email: Email,
    pub(crate) name: String,
    pub(crate) role: FirstRole,
    pub(crate) created_at: UnixMs,
}

/// A place in the directory's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DirectoryPlace {
    pub(crate) name_key: String,
    pub(crate) id: String,
}

/// Whether those who were deactivated belong to what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Active,
    Everybody,
}

/// Which people of the directory are asked for.
#[derive(Debug, Clone)]
pub(crate) struct DirectoryPage {
    pub(crate) who: Who,
    /// Lower-case text that name or address must contain; empty for everybody.
    pub(crate) query_key: String,
    /// People behind this place.
    pub(crate) after: Option<DirectoryPlace>,
    pub(crate) most: u32,
}

/// Why something about a person could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PersonError {
    #[error("there is no such person")]
    Unknown,
    #[error("the {field} cannot be used")]
    Unfit { field: &'static str, code: ErrorCode },
    #[error("a workspace needs an active administrator")]
    LastAdministrator,
    #[error("the person was changed by others again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes that others may make between our reading and writing before we give up.
pub(crate) const CHANGE_TRIES: u32 = 5;
/// The longest name of a time zone in the IANA database is far shorter.
const LONGEST_TIME_ZONE: usize = 64;

/// The people of the workspace.
pub(crate) struct People {
    store: Arc<dyn PeopleStore>,
    announcer: Announcer,
    clock: SharedClock,
    random: SharedRandom,
    first_admin: FirstAdmin,
}

/// Who becomes the administrator without anybody's doing.
#[derive(Debug, Clone)]
pub(crate) enum FirstAdmin {
    Named(Email),
    WhoeverComesFirst,
}

impl People {
    pub(crate) fn new(
        store: Arc<dyn PeopleStore>,
        announcer: Announcer,
        clock: SharedClock,
        random: SharedRandom,
        first_admin: FirstAdmin,
    ) -> Self {
        Self {
            store,
            announcer,
            clock,
            random,
            first_admin,
        }
    }

    pub(crate) async fn find(&self, id: &UserId) -> Result<Person, PersonError> {
        self.store.person(id).await?.ok_or(PersonError::Unknown)
    }

    pub(crate) async fn find_all(&self, ids: &[UserId]) -> Result<Vec<Person>, PersonError> {
        Ok(self.store.people_by_ids(ids).await?)
    }

    /// The person of this address, if there is one.
    pub(crate) async fn find_by_address(&self, email: &Email) -> Result<Option<Person>, PersonError> {
        Ok(self.store.person_by_email(email).await?)
    }

    /// The person of this address, who is added with this role if they come for the first time.
    pub(crate) async fn find_or_add(&self, email: &Email, role: FirstRole) -> Result<Person, PersonError> {
        if let Some(person) = self.store.person_by_email(email).await? {
            return Ok(person);
        }
        let new = NewPerson {
            id: UserId::from_random(self.random.bits()),
            email: email.clone(),
            name: first_name::from_address(email),
            role,
            created_at: self.clock.now(),
        };
        match self.store.add_person(&new).await {
            Ok(person) => {
                self.announcer.wake();
                Ok(person)
            }
            // They signed in twice at once, and the other sign-in was faster.
            Err(StoreError::Duplicate) => self.store.person_by_email(email).await?.ok_or(PersonError::Unknown),
            Err(fault) => Err(fault.into()),
        }
    }

    /// A page of the directory, and where the next one begins if there is one.
    pub(crate) async fn directory(
        &self,
        mut page: DirectoryPage,
    ) -> Result<(Vec<Person>, Option<DirectoryPlace>), PersonError> {
        let wanted = page.most as usize;
        // One more than asked for tells whether there is another page.
        page.most += 1;
        let mut people = self.store.directory(&page).await?;
        let more = people.len() > wanted;
        people.truncate(wanted);
        let last = people.last().filter(|_| more);
        let next = last.map(|person| DirectoryPlace {
            name_key: person.name_key(),
            id: person.id.as_str().to_owned(),
        });
        Ok((people, next))
    }

    /// Changes what is given of a person's own profile.
    pub(crate) async fn change(&self, id: &UserId, change: &ProfileChange) -> Result<Person, PersonError> {
        let (_, after) = self
            .replace(id, |before| changed(before, change), |_, _| Vec::new())
            .await?;
        Ok(after)
    }

    /// Somebody was changed elsewhere: the others are to be told.
    pub(crate) fn tell(&self) {
        self.announcer.wake();
    }

    /// The role of somebody who comes for the first time and was not invited.
    pub(crate) fn first_role(&self, email: &Email) -> FirstRole {
        match &self.first_admin {
            FirstAdmin::Named(named) if named.key() == email.key() => FirstRole::Administrator,
            FirstAdmin::Named(_) => FirstRole::Member,
            FirstAdmin::WhoeverComesFirst => FirstRole::AdministratorIfThereIsNone,
        }
    }

    /// Changes a person until no other change came between, and answers how they were and are. What changes nothing
    /// is no change; `notes` are the lines that the audit log gets with it.
    async fn replace(
        &self,
        id: &UserId,
        change: impl Fn(&Person) -> Result<Person, PersonError> + Send + Sync,
        notes: impl Fn(&Person, &Person) -> Vec<Note> + Send + Sync,
    ) -> Result<(Person, Person), PersonError> {
        for _ in 0..CHANGE_TRIES {
            let before = self.find(id).await?;
            let mut after = change(&before)?;
            if after == before {
                return Ok((before, after));
            }
            after.version += 1;
            match self.store.replace_person(&after, &notes(&before, &after)).await? {
                Replaced::Done => {
                    self.announcer.wake();
                    return Ok((before, after));
                }
                Replaced::LastAdministrator => return Err(PersonError::LastAdministrator),
                Replaced::Outdated => {}
            }
        }
        Err(PersonError::Contended)
    }
}

/// The person with the change applied, or which field cannot be used.
fn changed(person: &Person, change: &ProfileChange) -> Result<Person, PersonError> {
    let mut person = person.clone();
    if let Some(name) = &change.name {
        person.name = text::name(name).map_err(|code| PersonError::Unfit { field: "name", code })?;
    }
    if let Some(title) = &change.title {
        person.title = text::optional_name(title).map_err(|code| PersonError::Unfit { field: "title", code })?;
    }
    if let Some(zone) = &change.time_zone {
        let zone = zone.trim();
        if !is_time_zone_name(zone) {
            return Err(PersonError::Unfit {
                field: "time zone",
                code: ErrorCode::InvalidName,
            });
        }
        zone.clone_into(&mut person.time_zone);
    }
    Ok(person)
}

/// Whether the text has the form of an IANA name. Which zones exist changes several times a year, and only
/// those who show times need to know.
fn is_time_zone_name(text: &str) -> bool {
    text.len() <= LONGEST_TIME_ZONE
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_+-/".contains(character))
        && !text.starts_with('/')
        && !text.ends_with('/')
}
