//! The window as the resident app sees it: a program that is started when somebody wants to see something, and ended
//! when nobody looked for a while.
//!
//! Nothing is lost with it. The interface keeps drafts and the place where one was through the client and the
//! webview's own storage, so a window that comes back shows what the last one showed.

mod lean;
mod life;
mod program;
mod service;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use door::Line;
use protocol::ConversationId;
use tokio::sync::{mpsc, watch};

pub(crate) use life::Life;
pub(crate) use program::Program;

/// Wishes that may wait for the life of the window; it answers each at once.
const MOST_WISHES: usize = 256;

/// What the person can see of the app just now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// There is a window on the screen, though it may be behind others.
    pub(crate) visible: bool,
    /// It has the keyboard.
    pub(crate) focused: bool,
    /// The conversations on the screen.
    pub(crate) watched: Vec<ConversationId>,
}

/// What may be asked of the window's life.
pub(crate) enum Wish {
    /// Come to the front, whatever it takes.
    Show,
    /// Somebody came in who says to be the window.
    CameIn(Line),
    /// The connection with this number ended.
    Left(u64),
    /// The person closed or opened the window of this connection.
    Visible(u64, bool),
    Focused(u64, bool),
    /// Leave the screen.
    Hide,
    /// The interface should take the link that waits.
    HasLink,
}

/// The window, for those who want something of it.
#[derive(Clone)]
pub(crate) struct Window {
    wishes: mpsc::Sender<Wish>,
    sight: Arc<watch::Sender<Sight>>,
}

/// A window that is not there yet, and what its life listens to.
pub(crate) fn window() -> (Window, mpsc::Receiver<Wish>) {
    let (wishes, wished) = mpsc::channel(MOST_WISHES);
    let sight = Arc::new(watch::Sender::new(Sight::default()));
    (Window { wishes, sight }, wished)
}

impl Window {
    /// Brings the window to the front, starting it when it is not there.
    pub(crate) fn show(&self) {
        self.wish(Wish::Show);
    }

    /// Takes the window off the screen, as closing it does.
    pub(crate) fn hide(&self) {
        self.wish(Wish::Hide);
    }

    /// The interface is told that a link waits for it.
    pub(crate) fn has_link(&self) {
        self.wish(Wish::HasLink);
    }

    /// Hands over a connection that began with the window's hello.
    pub(crate) fn came_in(&self, line: Line) {
        self.wish(Wish::CameIn(line));
    }

    /// What the interface says is on the screen.
    pub(crate) fn watches(&self, conversations: &[ConversationId]) {
        self.sight
            .send_modify(|sight| conversations.clone_into(&mut sight.watched));
    }

    /// What the person sees, now and from now on.
    pub(crate) fn sight(&self) -> watch::Receiver<Sight> {
        self.sight.subscribe()
    }

    fn wish(&self, wish: Wish) {
        // The queue is only full when its reader hangs, and gone when the app ends; both end every wish.
        if self.wishes.try_send(wish).is_err() {
            tracing::warn!("the window's life does not listen");
        }
    }
}
