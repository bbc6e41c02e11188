//! The store without a session or a server, for programs that measure it. Nothing of the product stands on this.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use protocol::rest::chat::Entries;
use protocol::rest::identity::Person;
use protocol::{Conversation, Entry, UnixMs, UserId};

use crate::changes::Feed;
use crate::search::{SearchPage, SearchRequest, find};
use crate::store::account::Account;
use crate::store::{Store, Writing, index, measure, people};
use crate::sync::{self, Event};
use crate::view::Failure;

/// A store of one person, to be filled and searched.
pub struct Shelf {
    store: Store,
    me: UserId,
}

/// What lies in the file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    pub everything: u64,
    /// The index of messages, with the words it keeps.
    pub index: u64,
}

impl Shelf {
    /// Opens the store in this folder and makes it this person's.
    pub async fn open(folder: PathBuf, me: UserId) -> Result<Self, Failure> {
        let store = Store::open(folder, Feed::default()).await?;
        let account = Account {
            server: "https://chat.example.org".to_owned(),
            user: me.clone(),
            email: String::new(),
            workspace: String::new(),
        };
        store.adopt(account).await?;
        Ok(Self { store, me })
    }

    /// Keeps people and conversations, each with its first entries, as a server would say them at the first sign-in.
    pub async fn begin(&self, known: Vec<Person>, said: Vec<(Conversation, Entries)>) -> Result<(), Failure> {
        let welcome = Event::Welcome(said.iter().map(|(conversation, _)| conversation.clone()).collect());
        let pages = said.into_iter().map(|(conversation, first)| {
            Event::Truncated(sync::Page {
                conversation: conversation.id,
                epoch: first.epoch,
                entries: first.entries,
                messages: first.messages,
            })
        });
        let events = std::iter::once(welcome).chain(pages).collect();
        self.take(events).await?;
        let keep = move |writing: &mut Writing<'_>| known.iter().try_for_each(|person| people::put(writing, person));
        Ok(self.store.write(keep).await?)
    }

    /// Keeps entries as they come on a socket, all of them in one transaction.
    pub async fn keep(&self, epoch: &str, entries: Vec<Entry>) -> Result<(), Failure> {
        let events = entries.into_iter().map(|entry| Event::Entry {
            epoch: epoch.to_owned(),
            entry,
        });
        self.take(events.collect()).await
    }

    async fn take(&self, events: Vec<Event>) -> Result<(), Failure> {
        let me = self.me.clone();
        let outcome = self
            .store
            .write(move |writing| sync::apply(writing, &me, events))
            .await?;
        match outcome.resume {
            None => Ok(()),
            Some(reason) => Err(Failure::Storage {
                detail: reason.to_owned(),
            }),
        }
    }

    /// [`crate::Client::search`], at this time.
    pub async fn search(&self, request: SearchRequest, now: UnixMs) -> Result<SearchPage, Failure> {
        Ok(self.store.read(move |disk| find::find(disk, &request, now)).await?)
    }

    /// Makes the index anew, as for a file of a version without one; returns how long each step took.
    pub async fn index_again(&self) -> Result<Vec<Duration>, Failure> {
        self.store.write(|writing| index::doubt(writing.disk)).await?;
        let mut steps = Vec::new();
        loop {
            let began = Instant::now();
            let is_more = self.store.write(|writing| index::step(writing.disk)).await?;
            steps.push(began.elapsed());
            if !is_more {
                return Ok(steps);
            }
        }
    }

    /// From now on this store keeps no index, so that what it costs can be seen.
    pub async fn without_index(&self) -> Result<(), Failure> {
        Ok(self.store.write(|writing| measure::without_index(writing.disk)).await?)
    }

    pub async fn sizes(&self) -> Result<Sizes, Failure> {
        self.store.settle().await?;
        let (everything, index) = self.store.read(measure::sizes).await?;
        Ok(Sizes { everything, index })
    }
}
