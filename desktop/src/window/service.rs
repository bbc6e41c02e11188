//! One connection of a window: its calls are answered side by side, and changes are passed on in order.

use door::{DoorError, FromWindow, Line, Receiver, Sender, ToWindow};
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Wish;
use crate::commands;
use crate::desk::Desk;
use crate::updates::view::UpdatesChange;

/// Calls under way at a time. The interface rarely has more than ten; the rest waits in the socket.
const MOST_CALLS: usize = 64;

/// Frames that may wait for a window that reads slowly; changes then wait in the feed, which has its own bound.
const MOST_WAITING: usize = 256;

/// Frames that are written together at most.
const MOST_AT_ONCE: usize = 64;

/// The way to a window, and the frames that wait on it.
pub(super) fn way() -> (mpsc::Sender<ToWindow>, mpsc::Receiver<ToWindow>) {
    mpsc::channel(MOST_WAITING)
}

/// A connection, while it is served.
pub(super) struct Service {
    pub(super) number: u64,
    pub(super) desk: Desk,
    pub(super) wishes: mpsc::Sender<Wish>,
    pub(super) outgoing: mpsc::Sender<ToWindow>,
}

impl Service {
    /// Serves the connection until it ends, and says so.
    pub(super) async fn run(self, line: Line, waiting: mpsc::Receiver<ToWindow>) {
        let (sender, receiver) = line.split();
        let mut beside = JoinSet::new();
        beside.spawn(write(sender, waiting));
        // Before any call is answered, so that no change falls between an answer and the changes.
        if let Ok(client) = self.desk.client().await {
            beside.spawn(tell_changes(client.changes(), self.outgoing.clone()));
        }
        beside.spawn(tell_updates(self.desk.clone(), self.outgoing.clone()));
        match self.hear(receiver).await {
            DoorError::Gone => {}
            error => tracing::warn!(%error, "the window cannot be understood"),
        }
        self.wish(Wish::Left(self.number)).await;
    }

    async fn hear(&self, mut receiver: Receiver) -> DoorError {
        let mut calls = JoinSet::new();
        loop {
            tokio::select! {
                said = receiver.next(), if calls.len() < MOST_CALLS => match said {
                    Ok(FromWindow::Ask { id, command, arguments }) => {
                        calls.spawn(answer(self.desk.clone(), self.outgoing.clone(), id, (command, arguments)));
                    }
                    Ok(FromWindow::Focus(focused)) => self.wish(Wish::Focused(self.number, focused)).await,
                    Ok(FromWindow::Visible(visible)) => self.wish(Wish::Visible(self.number, visible)).await,
                    Err(end) => return end,
                },
                Some(ended) = calls.join_next() => if let Err(error) = ended {
                    tracing::error!(%error, "a command failed");
                },
            }
        }
    }

    async fn wish(&self, wish: Wish) {
        // Nobody listens any more when the app ends.
        drop(self.wishes.send(wish).await);
    }
}

async fn answer(desk: Desk, outgoing: mpsc::Sender<ToWindow>, id: u64, (command, arguments): (String, Box<RawValue>)) {
    desk.updates().heard(&command);
    let answer = commands::call(&desk, &command, arguments.get()).await;
    // The window may be gone; what was done stays done.
    drop(outgoing.send(ToWindow::Answer { id, answer }).await);
}

async fn tell_changes(mut changes: client::Changes, outgoing: mpsc::Sender<ToWindow>) {
    while let Some(change) = changes.next().await {
        let change = match to_raw_value(&change) {
            Ok(change) => change,
            Err(error) => {
                tracing::error!(%error, "a change cannot be written");
                continue;
            }
        };
        if outgoing.send(ToWindow::Change(change)).await.is_err() {
            return;
        }
    }
}

/// Updates change seldom, and only the newest state counts.
async fn tell_updates(desk: Desk, outgoing: mpsc::Sender<ToWindow>) {
    let mut watched = desk.updates().watch();
    while watched.changed().await.is_ok() {
        let updates = watched.borrow_and_update().clone();
        let change = match to_raw_value(&UpdatesChange::Updates { updates }) {
            Ok(change) => change,
            Err(error) => return tracing::error!(%error, "a change of updates cannot be written"),
        };
        if outgoing.send(ToWindow::Change(change)).await.is_err() {
            return;
        }
    }
}

async fn write(mut sender: Sender, mut waiting: mpsc::Receiver<ToWindow>) {
    let mut together = Vec::new();
    while waiting.recv_many(&mut together, MOST_AT_ONCE).await > 0 {
        // The reading side notices the end as well, and says it.
        if sender.say_all(&together).await.is_err() {
            return;
        }
        together.clear();
    }
}
