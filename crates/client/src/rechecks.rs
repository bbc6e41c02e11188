//! Looking again at what was shown from the disk although later changes to it may have been missed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::{ConversationId, UserId};
use tokio::sync::Notify;

use crate::link::Wake;
use crate::originals::HistoryPage;
use crate::rest::chat;
use crate::session::Api;
use crate::store::{Store, Writing};
use crate::sync::{self, Anchor, History};
use crate::timeline::PAGE;
use crate::view::Failure;

/// Stretches that may wait. Those behind it were scrolled past, and are looked at again when they are shown again.
const MOST_WAITING: usize = 32;
/// The wait after a failed try. What is shown is as old as it was until then, nothing else.
const PAUSE: Duration = Duration::from_secs(10);

/// A stretch of a conversation that is to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    conversation: ConversationId,
    first: u64,
    last: u64,
}

/// What is to be looked at again, the newest wish last.
#[derive(Default)]
pub(crate) struct Rechecks {
    waiting: Mutex<VecDeque<Stretch>>,
    wake: Notify,
}

impl Rechecks {
    /// Looks at these positions again when the server can be asked.
    pub(crate) fn add(&self, conversation: &ConversationId, (first, last): (u64, u64)) {
        let wanted = Stretch {
            conversation: conversation.clone(),
            first,
            last,
        };
        let mut waiting = crate::lock(&self.waiting);
        if waiting.contains(&wanted) {
            return;
        }
        if waiting.len() >= MOST_WAITING {
            waiting.pop_front();
        }
        waiting.push_back(wanted);
        drop(waiting);
        self.wake.notify_one();
    }

    fn next(&self) -> Option<Stretch> {
        crate::lock(&self.waiting).front().cloned()
    }

    fn done(&self, stretch: &Stretch) {
        crate::lock(&self.waiting).retain(|held| held != stretch);
    }
}

/// Looks again whenever there is something to look at, until dropped.
pub(crate) async fn run(rechecks: Arc<Rechecks>, store: Store, api: Api, me: UserId, wake: Arc<Wake>) {
    loop {
        let Some(stretch) = rechecks.next() else {
            rechecks.wake.notified().await;
            continue;
        };
        match look_again(&stretch, &store, &api, &me).await {
            Ok(History::Kept) => rechecks.done(&stretch),
            Ok(History::Another) => {
                rechecks.done(&stretch);
                wake.resume.notify_one();
            }
            Err(failure) if failure.is_lasting() => rechecks.done(&stretch),
            Err(failure) => {
                tracing::info!(%failure, "what is shown could not be looked at again");
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = rechecks.wake.notified() => {}
                }
            }
        }
    }
}

async fn look_again(stretch: &Stretch, store: &Store, api: &Api, me: &UserId) -> Result<History, Failure> {
    let Stretch { conversation, last, .. } = stretch;
    let mut after = stretch.first.saturating_sub(1);
    while after < *last {
        let anchor = Anchor::After(after);
        let page: HistoryPage = api.send(chat::history(conversation, anchor, PAGE)).await?;
        let reached = page.entries.entries.last().map_or(*last, |entry| entry.seq);
        let (conversation, me) = (conversation.clone(), me.clone());
        let keep = move |writing: &mut Writing<'_>| {
            for original in page.originals {
                writing.came_as(original);
            }
            sync::keep_history(writing, &me, &conversation, anchor, &page.entries)
        };
        if store.write(keep).await? == History::Another {
            return Ok(History::Another);
        }
        after = reached.max(after + 1);
    }
    Ok(History::Kept)
}
