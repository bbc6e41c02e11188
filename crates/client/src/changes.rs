//! The feed of changes: whoever draws reads it, and one that reads too slowly is brought up to date anew.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, Weak};

use protocol::ConversationId;
use tokio::sync::Notify;

use crate::change::Change;
use crate::shared::Shared;
use crate::view::Session;

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

/// What ended in changes that were dropped: a picture shows what is there, and not what was there before.
#[derive(Default)]
struct Gone {
    signed_out: Option<Session>,
    conversations: BTreeSet<ConversationId>,
}

impl Gone {
    fn note(&mut self, dropped: Change) {
        match dropped {
            Change::Session {
                session: session @ Session::SignedOut { .. },
            } => {
                // Whoever draws forgets everything at a sign-out.
                self.signed_out = Some(session);
                self.conversations.clear();
            }
            Change::ConversationRemoved { conversation } => drop(self.conversations.insert(conversation)),
            _ => {}
        }
    }

    fn and_then(&mut self, later: Self) {
        if later.signed_out.is_some() {
            *self = later;
        } else {
            self.conversations.extend(later.conversations);
        }
    }

    /// Puts it into the picture: first what ended, then what is.
    fn before(self, picture: Vec<Change>) -> VecDeque<Change> {
        let signed_out = self.signed_out.map(|session| Change::Session { session });
        let removed = self
            .conversations
            .into_iter()
            .map(|conversation| Change::ConversationRemoved { conversation });
        signed_out.into_iter().chain(removed).chain(picture).collect()
    }
}

#[derive(Default)]
struct Unread {
    changes: VecDeque<Change>,
    /// How often changes were dropped because nobody read them.
    lost: u64,
    /// What was among the dropped ones and no picture of the present shows.
    gone: Gone,
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
            gone: Gone::default(),
        }
    }
}

impl Unread {
    fn drop_all(&mut self) {
        for change in std::mem::take(&mut self.changes) {
            self.gone.note(change);
        }
    }
}

impl Reader {
    fn push(&self, change: Change) {
        let mut unread = crate::lock(&self.unread);
        if unread.changes.len() >= MOST_UNREAD {
            unread.drop_all();
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
    /// What the next picture begins with.
    gone: Gone,
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
                    unread.drop_all();
                    self.gone.and_then(std::mem::take(&mut unread.gone));
                }
                unread.lost
            };
            if lost == self.caught_up {
                self.reader.wake.notified().await;
            } else {
                let picture = self.shared.picture().await;
                self.picture = std::mem::take(&mut self.gone).before(picture);
                self.caught_up = lost;
            }
        }
    }
}

/// Reads a feed that no client stands behind.
#[cfg(test)]
pub(crate) struct Listening(Arc<Reader>);

#[cfg(test)]
impl Feed {
    pub(crate) fn listen(&self) -> Listening {
        let reader = Arc::new(Reader::default());
        crate::lock(&self.readers).push(Arc::downgrade(&reader));
        Listening(reader)
    }
}

#[cfg(test)]
impl Listening {
    /// Everything that was told and not read yet.
    pub(crate) fn all(&mut self) -> Vec<Change> {
        crate::lock(&self.0.unread).changes.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_out() -> Change {
        let session = Session::SignedOut {
            server: None,
            email: None,
            reason: None,
        };
        Change::Session { session }
    }

    fn removed(number: u128) -> Change {
        let conversation = ConversationId::from_random(number);
        Change::ConversationRemoved { conversation }
    }

    /// What a reader that fell behind is told before the picture of the present.
    fn told_after(changes: Vec<Change>) -> Vec<Change> {
        let reader = Reader::default();
        let many = std::iter::repeat_with(|| Change::People { people: Vec::new() }).take(MOST_UNREAD);
        for change in changes.into_iter().chain(many) {
            reader.push(change);
        }
        let mut unread = crate::lock(&reader.unread);
        assert_eq!(unread.lost, 1);
        std::mem::take(&mut unread.gone).before(Vec::new()).into()
    }

    #[test]
    fn a_conversation_that_went_while_nobody_read_is_still_said_to_be_gone() {
        assert_eq!(told_after(vec![removed(1)]), [removed(1)]);
    }

    #[test]
    fn a_sign_out_that_nobody_read_comes_before_the_next_persons_picture() {
        assert_eq!(
            told_after(vec![removed(1), signed_out(), removed(2)]),
            [signed_out(), removed(2)]
        );
    }
}
