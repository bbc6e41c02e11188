//! Entries as documents, and how they are found.

use std::ops::RangeInclusive;

use mongodb::bson::{Document, doc};
use protocol::{Entry, EntryKind, UnixMs, UserId};
use serde::{Deserialize, Serialize};
use service_kit::store::mongo::number;

use super::{id, ids, key, unreadable};
use crate::store::{StoreError, here_of};

/// The highest seq that has a place: far beyond any log, and of a width that every place has.
const LAST_SEQ: u64 = 9_999_999_999_999;

/// One entry. Its key is its name for ever: author and client id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct EntryDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    /// Conversation and seq; taken once.
    pub(super) place: String,
    /// What it is looked up by besides, if by anything, see [`edits_of`] and [`facts`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    conversation: String,
    #[serde(with = "number")]
    pub(super) seq: u64,
    #[serde(with = "number")]
    ordinal: u64,
    #[serde(with = "number")]
    at: UnixMs,
    author: String,
    client_id: String,
    kind: String,
    text: String,
    #[serde(with = "number::optional", default, skip_serializing_if = "Option::is_none")]
    target: Option<u64>,
    #[serde(rename = "on", default, skip_serializing_if = "Option::is_none")]
    is_on: Option<bool>,
    /// Whom `<!here>` in the text means.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    here: Vec<String>,
}

/// The key of the entry that an author stored under a client id.
pub(super) fn name(author: &str, client_id: &str) -> String {
    key(author, client_id)
}

/// The place of an entry in all logs.
pub(super) fn place(conversation: &str, seq: u64) -> String {
    format!("{conversation}/{}", digits(seq))
}

/// A filter for the places of a piece of one log.
pub(super) fn places(conversation: &str, seqs: &RangeInclusive<u64>) -> Document {
    doc! { "place": { "$gte": place(conversation, *seqs.start()), "$lte": place(conversation, *seqs.end()) } }
}

/// A filter for the edits of one message. Sorted by `says` they are in order.
pub(super) fn edits_of(conversation: &str, target: u64) -> Document {
    let of_target = |seq| edit(conversation, target, seq);
    doc! { "says": { "$gte": of_target(0), "$lte": of_target(LAST_SEQ) } }
}

/// A filter for what changed a conversation itself in a piece of its log. Sorted by `says` it is in order.
pub(super) fn facts(conversation: &str, seqs: &RangeInclusive<u64>) -> Document {
    doc! { "says": { "$gte": fact(conversation, *seqs.start()), "$lte": fact(conversation, *seqs.end()) } }
}

fn fact(conversation: &str, seq: u64) -> String {
    format!("{conversation}/fact/{}", digits(seq))
}

fn edit(conversation: &str, target: u64, seq: u64) -> String {
    format!("{conversation}/edit/{}/{}", digits(target), digits(seq))
}

pub(super) fn digits(seq: u64) -> String {
    format!("{:013}", seq.min(LAST_SEQ))
}

impl EntryDocument {
    /// The entry as it is stored. What is of no known kind is refused.
    pub(super) fn of(entry: &Entry) -> Result<Self, StoreError> {
        let conversation = entry.conversation.as_str();
        let mut document = Self {
            id: name(entry.author.as_str(), entry.client_id.as_str()),
            place: place(conversation, entry.seq),
            says: None,
            conversation: conversation.to_owned(),
            seq: entry.seq,
            ordinal: entry.ordinal,
            at: entry.at,
            author: entry.author.to_string(),
            client_id: entry.client_id.to_string(),
            kind: String::new(),
            text: String::new(),
            target: None,
            is_on: None,
            here: here_of(&entry.kind).iter().map(ToString::to_string).collect(),
        };
        match &entry.kind {
            EntryKind::Message { body, reply_to, .. } => {
                document.target = *reply_to;
                document.says_that("message", body);
            }
            EntryKind::Edit { target, body, .. } => {
                document.target = Some(*target);
                document.says = Some(edit(conversation, *target, entry.seq));
                document.says_that("edit", body);
            }
            EntryKind::Delete { target } => document.touches("delete", *target, None),
            EntryKind::React { target, emoji, on } => {
                document.touches("react", *target, Some(*on));
                document.text.clone_from(emoji);
            }
            EntryKind::Pin { target, on } => document.touches("pin", *target, Some(*on)),
            EntryKind::Joined { person } => document.is_a_fact("joined", person.as_str()),
            EntryKind::Left { person } => document.is_a_fact("left", person.as_str()),
            EntryKind::Renamed { name } => document.is_a_fact("renamed", name),
            EntryKind::Topic { topic } => document.is_a_fact("topic", topic),
            EntryKind::Archived { on } => {
                document.is_a_fact("archived", "");
                document.is_on = Some(*on);
            }
            EntryKind::Unknown => return Err(StoreError::Broken("an entry of no known kind".to_owned())),
        }
        Ok(document)
    }

    /// The entry that this document is.
    pub(super) fn entry(self) -> Result<Entry, StoreError> {
        Ok(Entry {
            kind: self.kind()?,
            conversation: id(self.conversation)?,
            seq: self.seq,
            ordinal: self.ordinal,
            at: self.at,
            author: id(self.author)?,
            client_id: id(self.client_id)?,
        })
    }

    fn kind(&self) -> Result<EntryKind, StoreError> {
        let text = || self.text.clone();
        let person = || id::<UserId>(self.text.clone());
        let on = || self.is_on.ok_or_else(|| unreadable("an entry without on or off"));
        let target = || self.target.ok_or_else(|| unreadable("an entry without a target"));
        Ok(match self.kind.as_str() {
            "message" => EntryKind::Message {
                body: text(),
                reply_to: self.target,
                here: ids(&self.here)?,
            },
            "edit" => EntryKind::Edit {
                target: target()?,
                body: text(),
                here: ids(&self.here)?,
            },
            "delete" => EntryKind::Delete { target: target()? },
            "react" => EntryKind::React {
                target: target()?,
                emoji: text(),
                on: on()?,
            },
            "pin" => EntryKind::Pin {
                target: target()?,
                on: on()?,
            },
            "joined" => EntryKind::Joined { person: person()? },
            "left" => EntryKind::Left { person: person()? },
            "renamed" => EntryKind::Renamed { name: text() },
            "topic" => EntryKind::Topic { topic: text() },
            "archived" => EntryKind::Archived { on: on()? },
            _ => return Err(unreadable("the kind of an entry")),
        })
    }

    fn says_that(&mut self, kind: &str, text: &str) {
        kind.clone_into(&mut self.kind);
        text.clone_into(&mut self.text);
    }

    fn touches(&mut self, kind: &str, target: u64, on: Option<bool>) {
        kind.clone_into(&mut self.kind);
        self.target = Some(target);
        self.is_on = on;
    }

    fn is_a_fact(&mut self, kind: &str, text: &str) {
        self.says = Some(fact(&self.conversation, self.seq));
        self.says_that(kind, text);
    }
}
