//! Sessions as documents.

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use protocol::{SessionId, UnixMs, UserId};
use serde::Deserialize;
use service_kit::store::StoreError;
use service_kit::store::mongo::number;

use super::MongoStore;
use super::documents::{
    NO, PEOPLE, PersonDocument, SESSIONS, SessionDocument, YES, count, session_id, stored_version, user_id,
};
use super::unsettled::with_notes;
use crate::audit::Note;
use crate::sessions::{EndReason, Ended, EndedSession, RefreshState, Seen, Session, reason_text};
use crate::store::SessionStore;

/// Documents that are read at once where there may be any number.
const AT_ONCE: i64 = 500;

/// The part of a session that says how it ended.
#[derive(Deserialize)]
struct EndDocument {
    #[serde(rename = "_id")]
    id: String,
    user: String,
    #[serde(default, with = "number::optional")]
    ended_at: Option<i64>,
}

#[async_trait]
impl SessionStore for MongoStore {
    async fn add_session(&self, session: &Session, notes: &[Note]) -> Result<(), StoreError> {
        let document = SessionDocument::of(session, self.attached(notes));
        self.insert(SESSIONS, &document).await?;
        self.wake_settling();
        Ok(())
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let stored: Option<SessionDocument> = self.find_one(SESSIONS, doc! { "_id": id.as_str() }).await?;
        stored.map(Session::try_from).transpose()
    }

    async fn running_sessions_of(&self, user: &UserId, most: u32) -> Result<Vec<Session>, StoreError> {
        let sessions = self.collection::<SessionDocument>(SESSIONS).await?;
        let query = sessions.find(doc! { "user": user.as_str(), "is_running": YES });
        let order = doc! { "used_at": -1, "_id": 1 };
        let running = self.all(query.sort(order).limit(i64::from(most))).await?;
        running.into_iter().map(Session::try_from).collect()
    }

    /// Whoever was deactivated is marked until a look has found that nothing of theirs runs; so a look is cheap,
    /// however many people were ever deactivated.
    async fn running_sessions_of_the_deactivated(&self) -> Result<Vec<SessionId>, StoreError> {
        let people = self.collection::<PersonDocument>(PEOPLE).await?;
        let marked = people.find(doc! { "to_sign_out": YES }).limit(AT_ONCE);
        let mut running = Vec::new();
        for person in self.all(marked).await? {
            let theirs = doc! { "user": &person.id, "is_running": YES };
            let found = self.ends(theirs, doc! { "_id": 1 }, AT_ONCE).await?;
            if found.is_empty() {
                // They may have been reactivated, and deactivated again, since they were read.
                let unchanged = doc! { "_id": person.id, "version": stored_version(person.version) };
                let change = doc! { "$set": { "to_sign_out": NO } };
                self.update(PEOPLE, unchanged, change).await?;
            }
            for session in found {
                running.push(session_id(&session.id)?);
            }
        }
        Ok(running)
    }

    async fn rotate(&self, id: &SessionId, to: &RefreshState, seen: &Seen) -> Result<bool, StoreError> {
        let generation = i64::from(to.generation);
        let one_older = doc! { "_id": id.as_str(), "generation": generation - 1, "is_running": YES };
        let change = doc! { "$set": {
            "generation": generation,
            "refresh_hash": hex::encode(to.hash),
            "used_at": seen.at,
            "address": &seen.address,
        } };
        self.update(SESSIONS, one_older, change).await
    }

    async fn end_session(&self, id: &SessionId, end: Ended, notes: &[Note]) -> Result<Option<UnixMs>, StoreError> {
        let running = doc! { "_id": id.as_str(), "is_running": YES };
        let change = with_notes(ended(end), &self.attached(notes))?;
        if self.update(SESSIONS, running, change).await? {
            self.wake_settling();
            return Ok(Some(end.at));
        }
        let stored: Option<EndDocument> = self.find_one(SESSIONS, doc! { "_id": id.as_str() }).await?;
        Ok(stored.and_then(|session| session.ended_at))
    }

    async fn end_sessions_unused_since(&self, since: UnixMs, end: Ended) -> Result<(), StoreError> {
        let unused = doc! { "is_running": YES, "used_at": { "$lt": since } };
        loop {
            let found = self.ends(unused.clone(), doc! { "used_at": 1 }, AT_ONCE).await?;
            if found.is_empty() {
                return Ok(());
            }
            for session in found {
                // Somebody may have used it since.
                let mut still_unused = unused.clone();
                still_unused.insert("_id", session.id);
                self.update(SESSIONS, still_unused, doc! { "$set": ended(end) }).await?;
            }
        }
    }

    async fn unannounced_ends(&self, most: u32) -> Result<Vec<EndedSession>, StoreError> {
        let untold = doc! { "to_announce": YES };
        let found = self.ends(untold, doc! { "_id": 1 }, i64::from(most)).await?;
        let ends = found.into_iter().map(|session| {
            Ok(EndedSession {
                session: session_id(&session.id)?,
                person: user_id(&session.user)?,
                at: session.ended_at.unwrap_or_default(),
            })
        });
        ends.collect()
    }

    async fn mark_end_announced(&self, id: &SessionId) -> Result<(), StoreError> {
        let untold = doc! { "_id": id.as_str(), "to_announce": YES };
        let change = doc! { "$set": { "to_announce": NO } };
        self.update(SESSIONS, untold, change).await.map(drop)
    }

    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError> {
        let mut ends = Vec::new();
        let mut when = doc! { "$gte": since };
        loop {
            let order = doc! { "ended_at": 1, "_id": 1 };
            let page = self.ends(doc! { "ended_at": when }, order, AT_ONCE).await?;
            let last = page.last().map(|last| (last.ended_at, last.id.clone()));
            let is_full = count(page.len()) == AT_ONCE;
            ends.extend(page);
            let (true, Some((at, id))) = (is_full, last) else {
                break;
            };
            self.add_ends_at(at, id, &mut ends).await?;
            when = doc! { "$gt": at };
        }
        let ends = ends.into_iter();
        ends.map(|session| Ok((session_id(&session.id)?, session.ended_at.unwrap_or(since))))
            .collect()
    }

    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError> {
        // What a document still has to be copied must not go with it.
        self.settle().await?;
        let forgotten = [EndReason::SignedOut, EndReason::TokenReused, EndReason::Idle];
        let forgotten = forgotten.map(reason_text).to_vec();
        let old = doc! { "ended_at": { "$lt": before }, "ended_why": { "$in": forgotten }, "unsettled": 0 };
        self.remove(SESSIONS, old).await
    }
}

impl MongoStore {
    /// Adds the ends at exactly this time, behind this session: a sweep ends many at once.
    async fn add_ends_at(
        &self,
        at: Option<i64>,
        mut id: String,
        ends: &mut Vec<EndDocument>,
    ) -> Result<(), StoreError> {
        loop {
            let others = doc! { "ended_at": at, "_id": { "$gt": &id } };
            let page = self.ends(others, doc! { "_id": 1 }, AT_ONCE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            id.clone_from(&last.id);
            ends.extend(page);
        }
    }

    /// How sessions ended that fit, in this order.
    async fn ends(&self, which: Document, order: Document, most: i64) -> Result<Vec<EndDocument>, StoreError> {
        let sessions = self.collection::<EndDocument>(SESSIONS).await?;
        let fields = doc! { "user": 1, "ended_at": 1 };
        self.all(sessions.find(which).projection(fields).sort(order).limit(most))
            .await
    }
}

fn ended(end: Ended) -> Document {
    doc! {
        "is_running": NO,
        "ended_at": end.at,
        "ended_why": reason_text(end.why),
        "to_announce": YES,
    }
}
