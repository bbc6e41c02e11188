//! Who is administrator, where many could decide it at once: the first one, and the last one.
//!
//! **The first.** Whoever comes when there is no administrator is stored as a member, and marked as a candidate. Then
//! one document, which can be inserted once, names who is the first; everybody who finds it makes that person
//! administrator, unless there is one. A process that dies in between leaves a marked candidate, who is found again.
//!
//! **The last.** Whoever takes an administrator away first takes the only turn there is, by changing the guard's document
//! from one revision to the next, and looks then whether another one is left. A process that dies with the turn leaves it
//! taken, so nobody else can take an administrator away: that is safe. Who finds it like that for a while changes
//! the version of the person it was about; with that the change of the other one can never happen any more,
//! even if its process was only asleep. Then the turn is free.

use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};
use protocol::{Role, UserId};
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;
use service_kit::store::mongo::number;

use super::MongoStore;
use super::documents::{GUARDS, NO, PEOPLE, PersonDocument, YES, stored_version, user_id};
use crate::people::{Person, role_text};
use crate::store::{PeopleStore as _, Replaced};

/// Ids of the guards' documents.
const FIRST: &str = "first-administrator";
const LAST: &str = "last-administrator";

/// How long a turn may stay as it is before whoever has it counts as dead.
const LONGEST_TURN: Duration = Duration::from_secs(2);
/// How long somebody waits for their turn.
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// The longest pause between two looks whether it is our turn; a random part of it is taken.
const LONGEST_PAUSE_MS: u32 = 20;
/// How often somebody else may change the first administrator while we make them administrator.
const PROMOTION_TRIES: u32 = 5;

#[derive(Serialize, Deserialize)]
struct FirstAdministrator {
    #[serde(rename = "_id")]
    id: String,
    person: String,
}

#[derive(Serialize, Deserialize)]
struct Guard {
    #[serde(rename = "_id")]
    id: String,
    #[serde(with = "number")]
    revision: i64,
    /// Whose turn it is: the person it is about, and the version they would get.
    turn: Option<Turn>,
}

#[derive(Serialize, Deserialize)]
struct Turn {
    person: String,
    #[serde(with = "number")]
    version: i64,
}

impl MongoStore {
    pub(super) async fn has_administrator(&self) -> Result<bool, StoreError> {
        let administrator = doc! { "role": role_text(Role::Administrator) };
        let found: Option<PersonDocument> = self.find_one(PEOPLE, administrator).await?;
        Ok(found.is_some())
    }

    /// Makes a candidate the first administrator, or whoever was chosen before.
    pub(super) async fn choose_first_administrator(&self, candidate: &str) -> Result<(), StoreError> {
        let first = FirstAdministrator {
            id: FIRST.to_owned(),
            person: candidate.to_owned(),
        };
        self.insert_if_new(GUARDS, &first).await?;
        let chosen: Option<FirstAdministrator> = self.find_one(GUARDS, doc! { "_id": FIRST }).await?;
        if let Some(chosen) = chosen {
            self.promote(&user_id(&chosen.person)?).await?;
        }
        let change = doc! { "$set": { "is_candidate": NO } };
        self.update(PEOPLE, doc! { "_id": candidate }, change).await.map(drop)
    }

    /// Finishes what a process that died between storing a candidate and choosing has left.
    pub(super) async fn finish_first_administrator(&self) -> Result<(), StoreError> {
        let people = self.collection::<PersonDocument>(PEOPLE).await?;
        let candidates = people.find(doc! { "is_candidate": YES }).sort(doc! { "created_at": 1 });
        for candidate in self.all(candidates.limit(100)).await? {
            self.choose_first_administrator(&candidate.id).await?;
        }
        Ok(())
    }

    /// Once there is an administrator there always is one, so nobody is promoted twice.
    async fn promote(&self, id: &UserId) -> Result<(), StoreError> {
        for _ in 0..PROMOTION_TRIES {
            let Some(person) = self.person(id).await? else {
                return Ok(());
            };
            if self.has_administrator().await? {
                return Ok(());
            }
            let version = stored_version(person.version);
            let change = doc! { "$set": {
                "role": role_text(Role::Administrator),
                "version": version + 1,
                "to_announce": YES,
            } };
            if self
                .update(PEOPLE, doc! { "_id": id.as_str(), "version": version }, change)
                .await?
            {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Carries out a change after which this administrator is none, if another one is left.
    pub(super) async fn remove_administrator(
        &self,
        changed: &Person,
        change: Document,
    ) -> Result<Replaced, StoreError> {
        let revision = self.take_turn(changed).await?;
        let replaced = if self.another_is_left(changed).await? {
            // When its outcome is not known the turn stays taken, until somebody has made sure of it.
            self.replace_version(changed, change).await?
        } else {
            Replaced::LastAdministrator
        };
        let over = doc! { "$set": { "turn": null } };
        let ours = doc! { "_id": LAST, "revision": revision };
        if let Err(fault) = self.update(GUARDS, ours, over).await {
            tracing::warn!(%fault, "the turn to remove an administrator is free only after a while");
        }
        Ok(replaced)
    }

    /// Waits until nobody else takes an administrator away; answers the revision that the turn is held under.
    pub(super) async fn take_turn(&self, changed: &Person) -> Result<i64, StoreError> {
        let started = Instant::now();
        let mut seen = (0, started);
        while started.elapsed() < LONGEST_WAIT {
            let guard = self.guard().await?;
            if guard.revision != seen.0 {
                seen = (guard.revision, Instant::now());
            }
            match &guard.turn {
                Some(turn) if seen.1.elapsed() < LONGEST_TURN => {
                    tracing::debug!(person = turn.person, "somebody else removes an administrator");
                }
                turn => {
                    if let Some(turn) = turn {
                        self.make_impossible(turn).await?;
                    }
                    let next = guard.revision + 1;
                    let free = doc! { "_id": LAST, "revision": guard.revision };
                    let ours = doc! { "person": changed.id.as_str(), "version": stored_version(changed.version) };
                    let change = doc! { "$set": { "revision": next, "turn": ours } };
                    if self.update(GUARDS, free, change).await? {
                        return Ok(next);
                    }
                }
            }
            let pause_ms = u64::from(self.random.below(LONGEST_PAUSE_MS));
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
        Err(StoreError::Unavailable)
    }

    async fn guard(&self) -> Result<Guard, StoreError> {
        if let Some(guard) = self.find_one(GUARDS, doc! { "_id": LAST }).await? {
            return Ok(guard);
        }
        let first = Guard {
            id: LAST.to_owned(),
            revision: 1,
            turn: None,
        };
        self.insert_if_new(GUARDS, &first).await?;
        Ok(first)
    }

    /// After this a change of the person to that version either has happened or never will.
    async fn make_impossible(&self, turn: &Turn) -> Result<(), StoreError> {
        tracing::warn!(
            person = turn.person,
            "somebody was cut off while removing an administrator"
        );
        let not_yet = doc! { "_id": &turn.person, "version": turn.version - 1 };
        let change = doc! { "$set": { "version": turn.version, "to_announce": YES } };
        self.update(PEOPLE, not_yet, change).await.map(drop)
    }

    pub(super) async fn another_is_left(&self, changed: &Person) -> Result<bool, StoreError> {
        let people = self.collection::<PersonDocument>(PEOPLE).await?;
        let administrators = doc! { "role": role_text(Role::Administrator), "active": YES };
        let two = self.all(people.find(administrators).limit(2)).await?;
        Ok(two.iter().any(|person| person.id != changed.id.as_str()))
    }
}
