//! The feed of changes: whoever draws reads it, and one that reads too slowly is brought up to date anew.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::Notify;

use crate::change::Change;
use crate::shared::Shared;

/// Changes a reader may leave unread; more, and they are replaced by one picture of everything.
const MOST_UNREAD: usize = 2048;

/// Tells every reader what changed, in one order.
#[derive(Clone, Default)]
pub(crate) struct Feed {
    readers: Arc<Mutex<Vec<Weak<Reader>>>>,
}

#[derive(Default)]
struct Reader {
    unread: Mutex<Unread>,
    wake: Notify,
}

#[derive(Default)]
struct Unread {
    changes: VecDeque<Change>,
    /// How often changes were dropped because nobody read them.
    lost: u64,
    closed: bool,
}

impl Feed {
    /// Tells these changes, in this order, with nothing in between.
    pub(crate) fn tell(&self, changes: impl IntoIterator<Item = Change>) {
        let mut readers = crate::lock(&self.readers);
        readers.retain(|reader| reader.strong_count() > 0);
        let readers: Vec<Arc<Reader>> = readers.iter().filter_map(Weak::upgrade).collect();
        for change in changes {
            for reader in &readers {
                reader.push(change.clone());
            }
        }
    }

    /// Nothing will change any more.
    pub(crate) fn close(&self) {
        for reader in crate::lock(&self.readers).iter().filter_map(Weak::upgrade) {
            crate::lock(&reader.unread).closed = true;
            reader.wake.notify_one();
        }
    }

    pub(crate) fn read(&self, shared: Arc<Shared>) -> Changes {
        let reader = Arc::new(Reader::default());
        crate::lock(&self.readers).push(Arc::downgrade(&reader));
        Changes {
            reader,
            shared,
            caught_up: 0,
            picture: VecDeque::new(),
        }
    }
}

impl Reader {
    fn push(&self, change: Change) {
        let mut unread = crate::lock(&self.unread);
        if unread.changes.len() >= MOST_UNREAD {
            unread.changes.clear();
            unread.lost += 1;
        }
        unread.changes.push_back(change);
        drop(unread);
        self.wake.notify_one();
    }
}

/// What changed, one after the other, since [`crate::Client::changes`] was called.
///
/// A reader that falls far behind gets everything anew: the session, the connection, all rows and people, and
/// `Reloaded` for every conversation. Changes right after that may repeat what the picture already showed.
pub struct Changes {
    reader: Arc<Reader>,
    shared: Arc<Shared>,
    /// The value of [`Unread::lost`] up to which a picture was given.
    caught_up: u64,
    picture: VecDeque<Change>,
}

impl Changes {
    /// Waits for the next change; none once the client was shut down. May be cancelled without losing one.
    pub async fn next(&mut self) -> Option<Change> {
        loop {
            if let Some(change) = self.picture.pop_front() {
                return Some(change);
            }
            let lost = {
                let mut unread = crate::lock(&self.reader.unread);
                if unread.lost == self.caught_up {
                    if let Some(change) = unread.changes.pop_front() {
                        return Some(change);
                    }
                    if unread.closed {
                        return None;
                    }
                } else {
                    unread.changes.clear();
                }
                unread.lost
            };
            if lost == self.caught_up {
                self.reader.wake.notified().await;
            } else {
                self.picture = self.shared.picture().await.into();
                self.caught_up = lost;
            }
        }
    }
}
