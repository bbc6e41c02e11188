//! Pictures of people: taken in any of three formats, drawn anew, kept under a name that follows from the content.
//!
//! What was uploaded is never stored and never shown to anybody: only what this server has drawn from it, at one size
//! and without anything that was hidden in the file.

mod drawing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use protocol::UserId;
use service_kit::SharedClock;
use service_kit::rate::{Buckets, WaitMs};
use service_kit::store::StoreError;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::people::{CHANGE_TRIES, People, Person, PersonError};
use crate::store::{PictureStore, Replaced};

/// Pictures that are decoded at the same time: each may take [`drawing::MOST_BYTES`] of memory while it is.
const DECODED_AT_ONCE: usize = 2;
/// Pictures a person may set at once after a pause, and then per second.
const BURST: f64 = 10.0;
const PER_SECOND: f64 = 0.1;

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PictureError {
    #[error("the file cannot be read as a picture: {0}")]
    Unreadable(String),
    #[error("too many pictures, come back in {retry_after_s} s")]
    Limited { retry_after_s: u32 },
    #[error("drawing the picture was cut off")]
    CutOff,
    #[error(transparent)]
    Person(#[from] PersonError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A picture as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Follows from the content.
    pub(crate) name: String,
    pub(crate) png: Vec<u8>,
}

impl Picture {
    fn of(png: Vec<u8>) -> Self {
        let name = hex::encode(&Sha256::digest(&png)[..16]);
        Self { name, png }
    }
}

/// The pictures of the workspace.
pub(crate) struct Pictures {
    store: Arc<dyn PictureStore>,
    people: Arc<People>,
    clock: SharedClock,
    decoding: Semaphore,
    limits: Buckets<UserId>,
}

impl Pictures {
    pub(crate) fn new(store: Arc<dyn PictureStore>, people: Arc<People>, clock: SharedClock) -> Self {
        Self {
            store,
            people,
            clock,
            decoding: Semaphore::new(DECODED_AT_ONCE),
            limits: Buckets::new(PER_SECOND, BURST),
        }
    }

    /// Gives a person the picture in this file.
    pub(crate) async fn set(&self, person: &UserId, file: Vec<u8>) -> Result<Person, PictureError> {
        self.limits.take(person, self.clock.now()).map_err(limited)?;
        let picture = self.draw(file).await?;
        self.replace(person, Some(&picture)).await
    }

    /// Takes a person's picture away.
    pub(crate) async fn remove(&self, person: &UserId) -> Result<Person, PictureError> {
        self.replace(person, None).await
    }

    /// The PNG of this name, if it is the person's picture now.
    pub(crate) async fn find(&self, person: &UserId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.picture(person, name).await
    }

    /// Decoding takes a while and much memory: it is done beside the threads that answer, few at a time.
    async fn draw(&self, file: Vec<u8>) -> Result<Picture, PictureError> {
        let _turn = self.decoding.acquire().await.map_err(|_closed| PictureError::CutOff)?;
        let drawing = tokio::task::spawn_blocking(move || drawing::draw(&file));
        let png = drawing.await.map_err(|_panicked| PictureError::CutOff)?;
        png.map(Picture::of).map_err(PictureError::Unreadable)
    }

    async fn replace(&self, id: &UserId, picture: Option<&Picture>) -> Result<Person, PictureError> {
        for _ in 0..CHANGE_TRIES {
            let before = self.people.find(id).await?;
            let mut after = before.clone();
            after.picture = picture.map(|picture| picture.name.clone());
            if after == before {
                return Ok(before);
            }
            after.version += 1;
            if self.store.replace_picture(&after, picture).await? == Replaced::Done {
                self.people.tell();
                return Ok(after);
            }
        }
        Err(PersonError::Contended.into())
    }
}

fn limited(WaitMs(wait_ms): WaitMs) -> PictureError {
    PictureError::Limited {
        retry_after_s: u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX),
    }
}
