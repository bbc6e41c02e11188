//! People who are only there to be looked at, so that a developer's first look is not an empty workspace.

use std::sync::Arc;

use anyhow::Context as _;
use protocol::rest::identity::ProfileChange;
use protocol::{Email, UserId};

use crate::people::{DirectoryPage, DirectoryPlace, FirstRole, People, Who};

/// People that are read at a time.
const PAGE: u32 = 100;

/// Adds demonstration people and finds the others.
pub struct Demonstration {
    people: Arc<People>,
}

impl Demonstration {
    pub(crate) fn new(people: Arc<People>) -> Self {
        Self { people }
    }

    /// The demonstration person of this address, added as a member if they are not there yet.
    pub async fn ensure(&self, email: &Email, name: &str, title: &str) -> anyhow::Result<UserId> {
        let person = self.people.find_or_add(email, FirstRole::Member).await?;
        let profile = ProfileChange {
            name: Some(name.to_owned()),
            title: Some(title.to_owned()),
            ..ProfileChange::default()
        };
        let changed = self.people.change(&person.id, &profile).await;
        Ok(changed.context("a demonstration person cannot be named")?.id)
    }

    /// Everybody who is in the directory now.
    pub async fn everybody(&self) -> anyhow::Result<Vec<UserId>> {
        let mut everybody = Vec::new();
        let mut after: Option<DirectoryPlace> = None;
        loop {
            let page = DirectoryPage {
                who: Who::Active,
                query_key: String::new(),
                after,
                most: PAGE,
            };
            let (people, next) = self.people.directory(page).await?;
            everybody.extend(people.into_iter().map(|person| person.id));
            if next.is_none() {
                return Ok(everybody);
            }
            after = next;
        }
    }
}
