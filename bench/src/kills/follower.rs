//! Follows the log on a plain socket, entry by entry, and comes back with its cursors after every kill.
//!
//! The client shows what follows from the log; here the entries themselves are seen as they are pushed (P2, P4).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::frame::{Cursor, ServerFrame};
use protocol::rest::identity::Tokens;
use protocol::{ConversationId, Entry, EntryKind};

use crate::checker::{Breach, Log, Violation};
use crate::plain_socket::{Arrival, PlainSocket};
use crate::rest::Rest;

/// The pause after the server was not there.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What the follower has by now, shared with who checks it.
#[derive(Clone, Default)]
pub(super) struct Followed(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    logs: BTreeMap<ConversationId, (String, Vec<Entry>)>,
    live: Vec<Violation>,
}

/// Follows with this session for ever.
pub(super) async fn follow(rest: Rest, mut tokens: Tokens, followed: Followed) {
    loop {
        // However it ended: what counts is what was pushed until then.
        drop(read_until_it_ends(&rest, &tokens, &followed).await);
        tokio::time::sleep(TRY_AGAIN_AFTER).await;
        if let Ok(fresh) = rest.refresh(&tokens.refresh_token).await {
            tokens = fresh;
        }
    }
}

async fn read_until_it_ends(rest: &Rest, tokens: &Tokens, followed: &Followed) -> anyhow::Result<()> {
    let mut socket = PlainSocket::resumed(rest.base(), &tokens.access_token, followed.cursors()).await?;
    while let Arrival::Frame(frame) = socket.read().await? {
        followed.take(*frame);
    }
    Ok(())
}

impl Followed {
    /// The logs as they were pushed.
    pub(super) fn logs(&self) -> Vec<Log> {
        let logs = self.state().logs.clone();
        let log = |(conversation, (_, entries))| Log {
            observer: "a plain socket".to_owned(),
            conversation,
            entries,
        };
        logs.into_iter().map(log).collect()
    }

    /// The newest seq of a conversation.
    pub(super) fn head(&self, conversation: &ConversationId) -> u64 {
        let state = self.state();
        let entries = state.logs.get(conversation).map(|(_, entries)| entries);
        entries.and_then(|entries| entries.last()).map_or(0, |last| last.seq)
    }

    /// Pushes that no log can have.
    pub(super) fn live_violations(&self) -> Vec<Violation> {
        self.state().live.clone()
    }

    fn cursors(&self) -> Vec<Cursor> {
        let state = self.state();
        let cursor = |(conversation, (epoch, entries)): (&ConversationId, &(String, Vec<Entry>))| {
            entries.last().map(|last| Cursor {
                conversation: conversation.clone(),
                epoch: epoch.clone(),
                seq: last.seq,
                client_id: last.client_id.clone(),
            })
        };
        state.logs.iter().filter_map(cursor).collect()
    }

    fn take(&self, frame: ServerFrame) {
        let mut state = self.state();
        match frame {
            ServerFrame::Entry { epoch, entry } => state.add(epoch, entry),
            ServerFrame::Truncated {
                conversation,
                epoch,
                entries,
                ..
            } => {
                // Everything is followed from its beginning and nobody is away for long: there is never too much.
                let starts_it = state.logs.get(&conversation).is_none_or(|(_, held)| held.is_empty());
                if starts_it {
                    state.logs.insert(conversation, (epoch, entries));
                } else {
                    state.complain(&conversation, Breach::Hole, "was truncated".to_owned());
                }
            }
            _ => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, epoch: String, entry: Entry) {
        let (_, entries) = self
            .logs
            .entry(entry.conversation.clone())
            .or_insert_with(|| (epoch, Vec::new()));
        let last = entries.last().map_or(0, |last| last.seq);
        if entry.seq != last + 1 {
            let breach = if entry.seq <= last {
                Breach::Doubled
            } else {
                Breach::Hole
            };
            let detail = format!("{} was pushed directly after {last}", entry.seq);
            let conversation = entry.conversation.clone();
            return self.complain(&conversation, breach, detail);
        }
        if let EntryKind::Delete { target } = entry.kind {
            // As every copy must: what was written is gone here as well.
            for held in entries.iter_mut() {
                if held.seq == target || held.kind.target() == Some(target) {
                    held.kind = held.kind.blanked();
                }
            }
        }
        entries.push(entry);
    }

    fn complain(&mut self, conversation: &ConversationId, breach: Breach, detail: String) {
        self.live.push(Violation {
            breach,
            conversation: conversation.clone(),
            observer: "a plain socket".to_owned(),
            detail,
        });
    }
}
