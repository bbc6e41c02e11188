//! What the owner of the channels does over REST meanwhile: topics, names, guests who come and go, deletions.
//!
//! REST has no outbox: what is not answered may have happened or not, and is not repeated.

use std::time::Duration;

use protocol::rest::identity::Tokens;
use protocol::{ConversationId, Entry, EntryKind, UserId};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use test_kit::random::SeededRandom;
use tokio::sync::watch;

use super::journal::Journal;
use crate::rest::{Answer, Rest};

/// Pauses between two chores.
const PAUSE_MS: std::ops::Range<u64> = 100..500;

pub(super) struct Owner {
    pub(super) rest: Rest,
    pub(super) tokens: Tokens,
    /// Which device this counts as.
    pub(super) number: usize,
    /// The channels that are theirs.
    pub(super) channels: Vec<ConversationId>,
    /// Who is let in and out.
    pub(super) guest: UserId,
    pub(super) journal: Journal,
    pub(super) random: SeededRandom,
}

impl Owner {
    /// Does one chore after another until told to stop.
    pub(super) async fn work_until(mut self, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let mut count = 0_u64;
        loop {
            let pause = PAUSE_MS.start + self.random.below(PAUSE_MS.end - PAUSE_MS.start);
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
                () = tokio::time::sleep(Duration::from_millis(pause)) => {}
            }
            count += 1;
            // No answer: the server is away. The log tells later whether it happened.
            let status = self.do_one(count).await.map_or(0, |answer| answer.status);
            if status == 401
                && let Ok(fresh) = self.rest.refresh(&self.tokens.refresh_token).await
            {
                self.tokens = fresh;
            }
        }
    }

    async fn do_one(&self, count: u64) -> anyhow::Result<Answer> {
        let choice = usize::try_from(self.random.below(self.channels.len() as u64))?;
        let channel = &self.channels[choice];
        let path = format!("/v1/conversations/{channel}");
        match self.random.below(6) {
            0 | 1 => {
                let topic = format!("topic number {count}");
                let kind = EntryKind::Topic { topic: topic.clone() };
                let request = self.request(Method::PATCH, &path).json(&json!({ "topic": topic }));
                self.note(channel, kind, request).await
            }
            2 => {
                let name = format!("channel {choice} by its name {count}");
                let request = self.request(Method::PATCH, &path).json(&json!({ "name": name }));
                self.rest.answer(request).await
            }
            3 => {
                let method = if self.random.once_in(2) {
                    Method::PUT
                } else {
                    Method::DELETE
                };
                let request = self.request(method, &format!("{path}/members/{}", self.guest));
                self.rest.answer(request).await
            }
            _ => {
                let pick = |end| self.random.below(end);
                let Some(target) = self.journal.target(channel, None, pick) else {
                    return self.rest.get(&path, Some(&self.tokens.access_token)).await;
                };
                let request = self.request(Method::DELETE, &format!("{path}/messages/{target}"));
                self.note(channel, EntryKind::Delete { target }, request).await
            }
        }
    }

    async fn note(&self, channel: &ConversationId, kind: EntryKind, request: RequestBuilder) -> anyhow::Result<Answer> {
        let author = &self.tokens.user;
        let number = self.journal.intend(author, self.number, channel, kind);
        let answer = self.rest.answer(request).await?;
        match (answer.status, answer.json::<Entry>()) {
            (200, Ok(entry)) => self.journal.stored(number, entry.seq),
            (200 | 204, _) => self.journal.kept(number, None),
            _ => {}
        }
        Ok(answer)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.rest.request(method, path, Some(&self.tokens.access_token))
    }
}
