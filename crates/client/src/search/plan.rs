//! What was typed, as a question to the index.
//!
//! Who wrote a message and where it stands are words of the index like those of its text, so that all of a question is
//! answered by walking lists that are in the order of time.

use std::collections::BTreeSet;

use protocol::{ConversationId, ConversationKind, UnixMs, UserId};

use super::days::{self, Today};
use super::parse::Filtered;
use super::words::folded;
use super::{Filter, Parsed, SearchProblem, SearchProblemKind, Term};
use crate::store::{Reading, StoreError, account, conversations, people};
use crate::view::{ConversationRow, PersonView};

/// A question to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// In the language of FTS5.
    pub(crate) matching: String,
    /// Written at or after this, and before that.
    pub(crate) from: UnixMs,
    pub(crate) until: UnixMs,
}

/// What a question is put together from.
#[derive(Default)]
struct Draft {
    wanted: Vec<String>,
    unwanted: Vec<String>,
    problems: Vec<SearchProblem>,
}

/// Turns what was typed into a question, or says what of it means nothing on this device.
pub(crate) fn plan(
    disk: &Reading,
    parsed: &Parsed,
    within: Option<&ConversationId>,
    today: Today,
) -> Result<Result<Plan, Vec<SearchProblem>>, StoreError> {
    let mut draft = Draft::default();
    let mut span = (UnixMs::MIN, UnixMs::MAX);
    draft.wanted.extend(parsed.wanted.iter().map(text));
    draft.unwanted.extend(parsed.unwanted.iter().map(text));
    draft.wanted.extend(within.map(|id| mark(id.as_str())));
    for filtered in &parsed.filters {
        match filtered.by {
            Filter::From => draft.any_of(filtered, authors(disk, &filtered.value)?),
            Filter::In => draft.any_of(filtered, places(disk, &filtered.value)?),
            Filter::Before | Filter::After | Filter::On => draft.narrow(filtered, &mut span, today),
        }
    }
    if !draft.problems.is_empty() {
        return Ok(Err(draft.problems));
    }
    Ok(Ok(Plan {
        matching: draft.matching(),
        from: span.0,
        until: span.1,
    }))
}

impl Draft {
    /// Takes messages with one of these marks.
    fn any_of(&mut self, filtered: &Filtered, ids: BTreeSet<String>) {
        if ids.is_empty() {
            let kind = match filtered.by {
                Filter::From => SearchProblemKind::UnknownPerson,
                _ => SearchProblemKind::UnknownConversation,
            };
            self.problems.push(problem(filtered, kind));
            return;
        }
        let any = format!("({})", ids.iter().map(|id| mark(id)).collect::<Vec<_>>().join(" OR "));
        if filtered.is_excluded {
            self.unwanted.push(any);
        } else {
            self.wanted.push(any);
        }
    }

    fn narrow(&mut self, filtered: &Filtered, span: &mut (UnixMs, UnixMs), today: Today) {
        if filtered.is_excluded {
            self.problems.push(problem(filtered, SearchProblemKind::CannotExclude));
            return;
        }
        let Some((first, behind)) = days::span(&filtered.value, today) else {
            self.problems.push(problem(filtered, SearchProblemKind::NotADate));
            return;
        };
        if filtered.by != Filter::Before {
            let from = if filtered.by == Filter::After { behind } else { first };
            span.0 = span.0.max(from);
        }
        if filtered.by != Filter::After {
            let until = if filtered.by == Filter::Before { first } else { behind };
            span.1 = span.1.min(until);
        }
    }

    fn matching(self) -> String {
        let wanted = if self.wanted.is_empty() {
            "marks:\"all\"".to_owned()
        } else {
            self.wanted.join(" AND ")
        };
        if self.unwanted.is_empty() {
            wanted
        } else {
            format!("({wanted}) NOT ({})", self.unwanted.join(" OR "))
        }
    }
}

/// Words hold no quotes: they are letters, digits and marks on them.
fn text(term: &Term) -> String {
    let star = if term.is_prefix { " *" } else { "" };
    format!("text:\"{}\"{star}", term.words.join(" "))
}

fn mark(id: &str) -> String {
    format!("marks:\"{}\"", id.replace(['_', '"'], ""))
}

fn problem(filtered: &Filtered, kind: SearchProblemKind) -> SearchProblem {
    SearchProblem {
        filter: filtered.by.name().to_owned(),
        value: filtered.value.clone(),
        kind,
    }
}

/// People this may mean: this person, whoever has this address, or whoever is called so.
fn authors(disk: &Reading, value: &str) -> Result<BTreeSet<String>, StoreError> {
    Ok(persons(disk, value)?.iter().map(|id| id.as_str().to_owned()).collect())
}

fn persons(disk: &Reading, value: &str) -> Result<BTreeSet<UserId>, StoreError> {
    let wanted = folded(value.trim_start_matches('@'));
    let me = account::read(disk)?.map(|account| account.user);
    if matches!(wanted.as_str(), "me" | "mir" | "ich") {
        return Ok(me.into_iter().collect());
    }
    let everyone = people::all(disk)?;
    let is_named = |person: &&PersonView| folded(&person.name) == wanted || folded(&person.email) == wanted;
    let mut found: BTreeSet<UserId> = everyone
        .iter()
        .filter(is_named)
        .map(|person| person.id.clone())
        .collect();
    if found.is_empty() {
        let resembles = |person: &&PersonView| {
            begins_a_word(&folded(&person.name), &wanted) || folded(&person.email).starts_with(&wanted)
        };
        found = everyone
            .iter()
            .filter(resembles)
            .map(|person| person.id.clone())
            .collect();
    }
    Ok(found)
}

/// Whether a name, or one of its words, begins so.
fn begins_a_word(name: &str, beginning: &str) -> bool {
    let boundary = |at: usize| at == 0 || !name[..at].ends_with(char::is_alphanumeric);
    name.match_indices(beginning).any(|(at, _)| boundary(at))
}

/// Conversations this may mean: the channel of this name, direct conversations with somebody called so, or channels
/// whose name begins so.
fn places(disk: &Reading, value: &str) -> Result<BTreeSet<String>, StoreError> {
    let rows = conversations::rows(disk)?;
    let channel = folded(value.trim_start_matches('#'));
    let name = |row: &ConversationRow| row.name.as_deref().map(folded).unwrap_or_default();
    let ids = |found: &dyn Fn(&ConversationRow) -> bool| -> BTreeSet<String> {
        let found = rows.iter().filter(|row| found(row));
        found.map(|row| row.id.as_str().to_owned()).collect()
    };
    let exactly = ids(&|row| !channel.is_empty() && name(row) == channel);
    if !exactly.is_empty() {
        return Ok(exactly);
    }
    let mut found = ids(&|row| !channel.is_empty() && begins_a_word(&name(row), &channel));
    if !value.starts_with('#') {
        let people = persons(disk, value)?;
        let me = account::read(disk)?.map(|account| account.user);
        found.extend(ids(&|row| {
            row.kind == ConversationKind::Direct && is_with(row, &people, me.as_ref())
        }));
    }
    Ok(found)
}

/// Whether a direct conversation is with one of these people; the one with oneself is with me.
fn is_with(row: &ConversationRow, people: &BTreeSet<UserId>, me: Option<&UserId>) -> bool {
    let mut others = row.members.iter().filter(|member| Some(*member) != me).peekable();
    if others.peek().is_none() {
        return me.is_some_and(|me| people.contains(me));
    }
    others.any(|member| people.contains(member))
}
