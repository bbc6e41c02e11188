//! The audit log: lines in one dense order, added and never changed.
//!
//! A line is inserted behind the last one; when its place is taken another node was faster, and it goes behind that.
//! So a line exists only after all before it can be seen, and whoever reads page by page misses none.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;
use service_kit::store::mongo::number;

use super::documents::{AUDIT, user_id};
use super::unsettled::NoteAttachment;
use super::{MongoStore, unreadable};
use crate::audit::{Filter, Line, Note, action_of, action_text};
use crate::store::AuditStore;

/// Nodes that may be faster, one after the other, before we leave it for the next time.
const TRIES: u32 = 100;
/// The longest pause before the next try; a random part of it is taken, so that nodes do not stay in step.
const LONGEST_PAUSE_MS: u32 = 10;

/// A note as it is stored.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct NoteFields {
    #[serde(with = "number")]
    at: i64,
    actor: Option<String>,
    action: String,
    target: Option<String>,
    detail: String,
    address: String,
}

#[derive(Serialize, Deserialize)]
struct LineDocument {
    #[serde(rename = "_id")]
    id: String,
    #[serde(with = "number")]
    seq: i64,
    #[serde(flatten)]
    note: NoteFields,
}

#[derive(Deserialize)]
struct OnlyId {
    #[serde(rename = "_id")]
    id: String,
}

impl NoteFields {
    pub(super) fn of(note: &Note) -> Self {
        Self {
            at: note.at,
            actor: note.actor.as_ref().map(|actor| actor.as_str().to_owned()),
            action: action_text(note.action).to_owned(),
            target: note.target.clone(),
            detail: note.detail.clone(),
            address: note.address.clone(),
        }
    }

    fn read(self) -> Result<Note, StoreError> {
        Ok(Note {
            at: self.at,
            actor: self.actor.as_deref().map(user_id).transpose()?,
            action: action_of(&self.action).ok_or_else(|| unreadable("action of an audit line"))?,
            target: self.target,
            detail: self.detail,
            address: self.address,
        })
    }
}

#[async_trait]
impl AuditStore for MongoStore {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        // What happened before stands before it.
        self.settle().await?;
        let notes = self.attached(std::slice::from_ref(note));
        self.copy_notes(notes.into_values().collect()).await
    }

    async fn audit_lines(&self, filter: &Filter, most: u32) -> Result<Vec<Line>, StoreError> {
        self.settle().await?;
        let lines = self.collection::<LineDocument>(AUDIT).await?;
        let query = lines.find(condition(filter)).sort(doc! { "seq": -1 });
        let lines = self.all(query.limit(i64::from(most))).await?;
        lines.into_iter().map(line).collect()
    }
}

impl MongoStore {
    /// Adds lines behind the last one, but those that are there already.
    pub(super) async fn copy_notes(&self, mut notes: Vec<NoteAttachment>) -> Result<(), StoreError> {
        for attempt in 0..TRIES {
            if attempt > 0 {
                let pause_ms = u64::from(self.random.below(LONGEST_PAUSE_MS));
                tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            }
            self.leave_out_copied(&mut notes).await?;
            if notes.is_empty() {
                return Ok(());
            }
            let first = self.last_seq().await? + 1;
            let lines: Vec<LineDocument> = (first..)
                .zip(&notes)
                .map(|(seq, note)| LineDocument {
                    id: note.id.clone(),
                    seq,
                    note: note.note.clone(),
                })
                .collect();
            let collection = self.collection::<LineDocument>(AUDIT).await?;
            let stored = self.mongo.insert_until_taken(&collection, &lines).await?;
            notes.drain(..stored);
        }
        if notes.is_empty() {
            Ok(())
        } else {
            Err(StoreError::Unavailable)
        }
    }

    /// What was taken, a place or an id, is found out by asking for the ids.
    async fn leave_out_copied(&self, notes: &mut Vec<NoteAttachment>) -> Result<(), StoreError> {
        let ids: Vec<&str> = notes.iter().map(|note| note.id.as_str()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let lines = self.collection::<OnlyId>(AUDIT).await?;
        let query = lines.find(doc! { "_id": { "$in": &ids } });
        let copied = self.all(query.projection(doc! { "_id": 1 })).await?;
        let copied: HashSet<String> = copied.into_iter().map(|line| line.id).collect();
        notes.retain(|note| !copied.contains(&note.id));
        Ok(())
    }

    async fn last_seq(&self) -> Result<i64, StoreError> {
        let lines = self.collection::<LineDocument>(AUDIT).await?;
        let query = lines.find(doc! {}).sort(doc! { "seq": -1 }).limit(1);
        let last = self.all(query).await?;
        Ok(last.first().map_or(0, |line| line.seq))
    }
}

/// Conditions that are not asked for are left out, so that the index of the one that is can be used.
fn condition(filter: &Filter) -> Document {
    let mut condition = Document::new();
    if let Some(before) = filter.before {
        condition.insert("seq", doc! { "$lt": i64::try_from(before).unwrap_or(i64::MAX) });
    }
    if let Some(actor) = &filter.actor {
        condition.insert("actor", actor.as_str());
    }
    if let Some(action) = filter.action {
        condition.insert("action", action_text(action));
    }
    let mut time = Document::new();
    if let Some(since) = filter.since {
        time.insert("$gte", since);
    }
    if let Some(until) = filter.until {
        time.insert("$lt", until);
    }
    if !time.is_empty() {
        condition.insert("at", time);
    }
    condition
}

fn line(stored: LineDocument) -> Result<Line, StoreError> {
    Ok(Line {
        seq: stored.seq.unsigned_abs(),
        note: stored.note.read()?,
    })
}
