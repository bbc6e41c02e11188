//! Searching the messages on this device: what may be typed, what is found, and how it is shown.
//!
//! `words` cuts texts into the words that are compared, for the index and for what is looked for alike; `parse` reads
//! what a person typed; `days` knows dates; `plan` says what is asked of the index, which lies in `store::index`;
//! `shown` finds the places to mark; `find` does
//! all of it. Nothing here asks the server.

pub(crate) mod days;
pub(crate) mod find;
mod parse;
pub(crate) mod plan;
pub(crate) mod shown;
pub(crate) mod words;

pub(crate) use parse::{Filter, Parsed, Term, parse};

use protocol::ConversationId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::MessageView;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchRequest {
    /// As it was typed: words, "phrases", -word, from: in: before: after: on:. The last word may be the beginning of one.
    pub text: String,
    /// Looks only in this conversation; null for all of them.
    pub within: Option<ConversationId>,
    pub order: SearchOrder,
    /// Where the page before this one ended, as it said in `next`; null for the first page.
    pub after: Option<u64>,
    /// Hits of one page, at most 100.
    pub limit: u32,
    /// How far this person's clock is ahead of UTC, in minutes: where their days begin.
    pub utc_offset_minutes: i32,
}

/// What stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchOrder {
    Newest,
    /// Among the newest 2,000 messages found, those that fit best.
    Relevance,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchPage {
    pub hits: Vec<SearchHit>,
    /// Where the next page begins; null when there is none.
    pub next: Option<u64>,
    /// What could not be understood. Where there is anything, there are no hits.
    pub problems: Vec<SearchProblem>,
    /// Whether every message on this device can be found. False while the index is still being made.
    pub complete: bool,
}

/// One message that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchHit {
    pub conversation: ConversationId,
    pub message: MessageView,
    /// Places in `message.body`.
    pub highlights: Vec<TextRange>,
    /// The part of the body around the first place, on one line, with … where something was left out.
    pub snippet: String,
    /// Places in `snippet`.
    pub snippet_highlights: Vec<TextRange>,
}

/// A place in a text, counted in UTF-16 code units as JavaScript counts; `end` is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextRange {
    pub start: u32,
    pub end: u32,
}

/// A part of what was typed that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchProblem {
    /// The filter as it is called in English: from, in, before, after or on. Empty when it is about the whole text.
    pub filter: String,
    /// What stood behind it.
    pub value: String,
    pub kind: SearchProblemKind,
}

/// What is wrong with a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchProblemKind {
    /// Nobody is called so, as far as this device knows.
    UnknownPerson,
    /// No conversation this person is in is called so, or is with somebody called so.
    UnknownConversation,
    /// Neither 2026-03-14, 2026-03 or 2026, nor today, yesterday, 7d, 2w, 3m or 1y.
    NotADate,
    /// Dates cannot be left out with a minus.
    CannotExclude,
    /// More than 1,000 characters or 32 words.
    TooLong,
}
