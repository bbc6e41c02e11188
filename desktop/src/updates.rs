//! New versions of this app: looked for now and then, fetched and proved beside everything else, and installed when it
//! disturbs nobody.
//!
//! Read in this order: [`view`] (what the settings show), [`moment`] (when it disturbs nobody, as a pure rule),
//! [`source`] (whose versions this build takes), [`keeper`] (what happens when), [`in_app`] (beside the other parts). How a version is judged, proved and
//! installed is in the crate `updates`.

pub(crate) mod in_app;
mod keeper;
mod moment;
mod source;
#[cfg(test)]
mod tests;
pub mod view;
mod way;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use updates::Channel;
use updates::install::Successor;

use keeper::{Around, Keeper, Pace};
use source::built_in;
use view::UpdatesView;

/// Wishes that may wait; a person has not more buttons.
const MOST_WISHES: usize = 8;

/// What a person may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Look,
    Choose(Channel),
    Install,
}

/// Updates, for those who show them and ask for them. Clones are the same.
#[derive(Clone)]
pub(crate) struct Updates(Arc<Parts>);

struct Parts {
    view: watch::Sender<UpdatesView>,
    wishes: mpsc::Sender<Wish>,
    typed: Mutex<Option<Instant>>,
    successor: Mutex<Option<(Successor, bool)>>,
}

/// Updates that nobody looks after yet, and what their keeper listens to.
pub(crate) fn updates() -> (Updates, mpsc::Receiver<Wish>) {
    let (wishes, wished) = mpsc::channel(MOST_WISHES);
    let parts = Parts {
        view: watch::Sender::new(UpdatesView::default()),
        wishes,
        typed: Mutex::default(),
        successor: Mutex::default(),
    };
    (Updates(Arc::new(parts)), wished)
}

impl Updates {
    /// How it is now.
    pub(crate) fn view(&self) -> UpdatesView {
        self.0.view.borrow().clone()
    }

    /// How it is, now and from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<UpdatesView> {
        self.0.view.subscribe()
    }

    /// Asks for something. What is asked for while much else waits is asked for already.
    pub(crate) fn wish(&self, wish: Wish) {
        if self.0.wishes.try_send(wish).is_err() {
            tracing::info!(?wish, "updates are busy, or not looked after");
        }
    }

    /// The window called this command; some mean that somebody writes.
    pub(crate) fn heard(&self, command: &str) {
        if matches!(command, "save_draft" | "typing" | "send_message" | "act_on_message") {
            *self.0.typed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    /// The version that takes over when this process has let go of everything, and whether it starts hidden.
    pub(crate) fn successor(&self) -> Option<(Successor, bool)> {
        self.0.successor.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn typed(&self) -> Option<Instant> {
        *self.0.typed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn succeeded_by(&self, successor: Successor, hidden: bool) {
        *self.0.successor.lock().unwrap_or_else(PoisonError::into_inner) = Some((successor, hidden));
    }

    fn show(&self, change: impl FnOnce(&mut UpdatesView)) {
        self.0.view.send_modify(change);
    }
}
