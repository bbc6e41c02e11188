//! People as documents.

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use protocol::{Email, Role, UserId};
use service_kit::store::StoreError;

use super::MongoStore;
use super::documents::{Flag, NO, PEOPLE, PersonDocument, YES, count, place, stored_version};
use super::unsettled::{Attached, with_notes};
use crate::audit::Note;
use crate::people::{DirectoryPage, FirstRole, NewPerson, Person, Who, role_text};
use crate::store::{PeopleStore, Replaced};

/// People that are read at once where a text is searched for.
const SEARCHED_AT_ONCE: i64 = 500;

#[async_trait]
impl PeopleStore for MongoStore {
    async fn person(&self, id: &UserId) -> Result<Option<Person>, StoreError> {
        self.person_that(doc! { "_id": id.as_str() }).await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        self.person_that(doc! { "email_key": email.key() }).await
    }

    async fn people_by_ids(&self, ids: &[UserId]) -> Result<Vec<Person>, StoreError> {
        let ids: Vec<&str> = ids.iter().map(UserId::as_str).collect();
        let most = count(ids.len()).max(1);
        self.people_that(doc! { "_id": { "$in": ids } }, doc! {}, most).await
    }

    async fn directory(&self, page: &DirectoryPage) -> Result<Vec<Person>, StoreError> {
        let wanted = page.most as usize;
        let at_once = if page.query_key.is_empty() {
            i64::from(page.most)
        } else {
            SEARCHED_AT_ONCE
        };
        let mut behind = page.after.as_ref().map(|after| place(&after.name_key, &after.id));
        let mut found = Vec::new();
        loop {
            let mut which = Document::new();
            if page.who == Who::Active {
                which.insert("active", YES);
            }
            if let Some(behind) = &behind {
                which.insert("place", doc! { "$gt": behind });
            }
            let people = self.people_that(which, doc! { "place": 1 }, at_once).await?;
            let is_last = count(people.len()) < at_once;
            behind = people.last().map(|last| place(&last.name_key(), last.id.as_str()));
            found.extend(people.into_iter().filter(|person| fits(person, &page.query_key)));
            if is_last || found.len() >= wanted {
                found.truncate(wanted);
                return Ok(found);
            }
        }
    }

    async fn add_person(&self, new: &NewPerson) -> Result<Person, StoreError> {
        // Whoever comes when there is none is stored first and chosen then: so somebody who was chosen exists.
        let is_candidate = new.role == FirstRole::AdministratorIfThereIsNone && !self.has_administrator().await?;
        let person = Person {
            id: new.id.clone(),
            email: new.email.clone(),
            name: new.name.clone(),
            title: String::new(),
            time_zone: String::new(),
            role: if new.role == FirstRole::Administrator {
                Role::Administrator
            } else {
                Role::Member
            },
            active: true,
            picture: None,
            version: 1,
            created_at: new.created_at,
        };
        self.insert(PEOPLE, &document(&person, is_candidate)).await?;
        if !is_candidate {
            return Ok(person);
        }
        self.choose_first_administrator(new.id.as_str()).await?;
        Ok(self.person(&new.id).await?.unwrap_or(person))
    }

    async fn replace_person(&self, changed: &Person, notes: &[Note]) -> Result<Replaced, StoreError> {
        self.replace(changed, Document::new(), notes).await
    }

    async fn unannounced(&self, most: u32) -> Result<Vec<Person>, StoreError> {
        let untold = doc! { "to_announce": YES };
        self.people_that(untold, doc! { "_id": 1 }, i64::from(most)).await
    }

    async fn mark_announced(&self, id: &UserId, version: u64) -> Result<(), StoreError> {
        // Nothing fits when somebody has changed them since: then they wait to be announced again.
        let told = doc! { "_id": id.as_str(), "version": stored_version(version) };
        let change = doc! { "$set": { "to_announce": NO } };
        self.update(PEOPLE, told, change).await.map(drop)
    }
}

impl MongoStore {
    async fn person_that(&self, fits: Document) -> Result<Option<Person>, StoreError> {
        let stored: Option<PersonDocument> = self.find_one(PEOPLE, fits).await?;
        stored.map(Person::try_from).transpose()
    }

    async fn people_that(&self, fit: Document, order: Document, most: i64) -> Result<Vec<Person>, StoreError> {
        let people = self.collection::<PersonDocument>(PEOPLE).await?;
        let found = self.all(people.find(fit).sort(order).limit(most)).await?;
        found.into_iter().map(Person::try_from).collect()
    }

    /// Replaces a person who is exactly one version older. `also` is what is changed beside what everybody changes.
    pub(super) async fn replace(
        &self,
        changed: &Person,
        also: Document,
        notes: &[Note],
    ) -> Result<Replaced, StoreError> {
        let mut set = doc! {
            "name": &changed.name,
            "place": place(&changed.name_key(), changed.id.as_str()),
            "title": &changed.title,
            "time_zone": &changed.time_zone,
            "role": role_text(changed.role),
            "active": Flag(changed.active),
            "version": stored_version(changed.version),
            "to_announce": YES,
            "to_sign_out": Flag(!changed.active),
        };
        set.extend(also);
        let change = with_notes(set, &self.attached(notes))?;
        if changed.is_administrator() {
            return self.replace_version(changed, change).await;
        }
        // Only an administrator can be the last one. The version says that they still are what was read.
        match self.person(&changed.id).await? {
            Some(stored) if stored.version + 1 != changed.version => Ok(Replaced::Outdated),
            Some(stored) if stored.is_administrator() => self.remove_administrator(changed, change).await,
            Some(_) => self.replace_version(changed, change).await,
            None => Ok(Replaced::Outdated),
        }
    }

    /// Carries out a change of a person who is exactly one version older.
    pub(super) async fn replace_version(&self, changed: &Person, change: Document) -> Result<Replaced, StoreError> {
        let one_older = doc! { "_id": changed.id.as_str(), "version": stored_version(changed.version) - 1 };
        let replaced = self.update(PEOPLE, one_older, change).await?;
        self.wake_settling();
        Ok(if replaced { Replaced::Done } else { Replaced::Outdated })
    }
}

/// Whether name or address contains the text. Few people are searched, so no index is needed for it.
fn fits(person: &Person, query_key: &str) -> bool {
    person.name_key().contains(query_key) || person.email.key().contains(query_key)
}

fn document(person: &Person, is_candidate: bool) -> PersonDocument {
    PersonDocument {
        id: person.id.as_str().to_owned(),
        email: person.email.as_str().to_owned(),
        email_key: person.email.key(),
        name: person.name.clone(),
        place: place(&person.name_key(), person.id.as_str()),
        title: person.title.clone(),
        time_zone: person.time_zone.clone(),
        role: role_text(person.role).to_owned(),
        active: Flag(person.active),
        picture: None,
        picture_document: None,
        version: person.version,
        created_at: person.created_at,
        to_announce: YES,
        to_sign_out: NO,
        is_candidate: Flag(is_candidate),
        notes: Attached::new(),
        unsettled: 0,
    }
}
