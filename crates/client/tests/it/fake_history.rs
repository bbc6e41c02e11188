//! The log of the fake server: what is stored in it, and pages of it.

#![expect(clippy::unwrap_used, reason = "a test ends where its server does")]

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use protocol::rest::chat::{Entries, EntriesQuery, NewMessage};
use protocol::timeline::{MessageFold, MessageState};
use protocol::{ClientId, ConversationId, Entry, EntryKind, UserId};

use crate::fake::{World, ada, ben, problem, together};

impl World {
    /// Ben writes.
    pub(crate) fn ben_writes(&self, body: &str) {
        let body = body.to_owned();
        self.ben_does(EntryKind::message(body, None));
    }

    /// Ben does something, which everybody hears of.
    pub(crate) fn ben_does(&self, kind: EntryKind) -> Entry {
        let number = self.facts().log.len() as u128 + 5000;
        self.store(ben(), ClientId::from_random(number), kind)
    }

    /// Stores an entry once, as a repeat of the same client id finds it.
    pub(crate) fn store(&self, author: UserId, client_id: ClientId, kind: EntryKind) -> Entry {
        let mut facts = self.facts();
        let is_it = |entry: &&Entry| entry.author == author && entry.client_id == client_id;
        if let Some(stored) = facts.log.iter().find(is_it) {
            return stored.clone();
        }
        if let EntryKind::Delete { target } = kind {
            for entry in &mut facts.log {
                if entry.seq == target || entry.kind.target() == Some(target) {
                    entry.kind = entry.kind.blanked();
                }
            }
        }
        let ordinal = facts.log.last().map_or(0, |entry| entry.ordinal);
        let entry = Entry {
            conversation: together(),
            seq: facts.log.len() as u64 + 1,
            ordinal: ordinal + u64::from(kind.is_message()),
            at: 1000,
            author,
            client_id,
            kind,
        };
        facts.log.push(entry.clone());
        drop(facts);
        drop(self.news.send(entry.clone()));
        entry
    }

    /// What became of the message at `seq`.
    pub(crate) fn fold(&self, seq: u64) -> MessageFold {
        let mut fold = MessageFold::default();
        for entry in &self.facts().log {
            if entry.kind.target() == Some(seq) {
                fold.apply(entry);
            }
        }
        fold
    }

    /// What became of those among these entries that are not as they were sent.
    pub(crate) fn messages(&self, entries: &[Entry]) -> Vec<MessageState> {
        let states = entries.iter().map(|entry| MessageState {
            seq: entry.seq,
            state: self.fold(entry.seq),
        });
        states.filter(|said| !said.state.is_untouched()).collect()
    }
}

/// Notes in the diary when whoever waits for a page gives up.
struct Waiting(World);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.facts().diary.push("gave up waiting for a page".to_owned());
    }
}

pub(crate) async fn entries(
    State(world): State<World>,
    Path(_): Path<ConversationId>,
    headers: HeaderMap,
    Query(query): Query<EntriesQuery>,
) -> Response {
    if let Some(code) = world.refusal(&headers) {
        return problem(code);
    }
    let gate = std::sync::Arc::clone(&world.facts().pages);
    let waiting = Waiting(world.clone());
    drop(gate.acquire().await);
    std::mem::forget(waiting);
    let (log, epoch) = {
        let facts = world.facts();
        (facts.log.clone(), facts.epoch.clone())
    };
    let limit = query.limit.unwrap_or(100) as usize;
    let position = |seq: u64| usize::try_from(seq).unwrap().min(log.len());
    let (from, to) = match (query.before, query.after, query.around) {
        (Some(before), _, _) => (position(before - 1).saturating_sub(limit), position(before - 1)),
        (_, Some(after), _) => (position(after), (position(after) + limit).min(log.len())),
        (_, _, Some(seq)) => (
            position(seq).saturating_sub(limit / 2),
            (position(seq) + limit / 2).min(log.len()),
        ),
        _ => (log.len().saturating_sub(limit), log.len()),
    };
    world.facts().diary.push(format!("entries {} to {to}", from + 1));
    let entries = log[from..to].to_vec();
    let answer = Entries {
        epoch,
        head: log.len() as u64,
        messages: world.messages(&entries),
        entries,
    };
    Json(answer).into_response()
}

pub(crate) async fn message(
    State(world): State<World>,
    headers: HeaderMap,
    Json(message): Json<NewMessage>,
) -> Response {
    if let Some(code) = world.refusal(&headers) {
        return problem(code);
    }
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let kind = EntryKind::message(message.body, message.reply_to);
    Json(world.store(ada(), ClientId::parse(&key).unwrap(), kind)).into_response()
}
