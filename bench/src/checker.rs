//! The promises about a conversation's log, checked from outside: what was sent against what is seen.
//!
//! Knows nothing of servers and clients. It is given what people wrote, with what they were promised about
//! it, and the whole log of each conversation as each observer has it; it reports every promise that is broken.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use protocol::{ConversationId, Entry, EntryKind, UserId};
use serde::Serialize;

/// What the writer of a message was told about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Nothing yet: it may be stored or not, but never twice.
    None,
    /// It lies in the outbox on the device's disk: it must be stored once.
    Kept,
    /// It is stored at this seq: it must stand exactly there.
    Stored(u64),
}

/// One message as its writer knows it. Its body is unique in the run, so it can be told from all others.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub author: UserId,
    /// Which device wrote it; messages of one device to one conversation keep their order.
    pub device: usize,
    pub conversation: ConversationId,
    pub body: String,
    pub promise: Promise,
}

/// The whole log of one conversation as one observer has it.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    pub observer: String,
    pub conversation: ConversationId,
    pub entries: Vec<Entry>,
}

/// The way in which a promise is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Breach {
    /// A message that was promised is not there.
    Lost,
    /// A message, a client id or a position is there more than once.
    Doubled,
    /// Entries stand in another order than they were numbered, acknowledged or written in.
    Swapped,
    /// A position has no entry.
    Hole,
    /// Two observers see different entries at one position.
    Divergent,
    /// A message nobody wrote.
    Foreign,
    /// An ordinal does not count the messages up to its entry.
    Miscounted,
}

/// One broken promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Violation {
    pub breach: Breach,
    pub conversation: ConversationId,
    /// Who saw it.
    pub observer: String,
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            breach,
            conversation,
            observer,
            detail,
        } = self;
        write!(formatter, "{breach:?} in {conversation} at {observer}: {detail}")
    }
}

/// Every broken promise, log by log.
pub(crate) fn check(sent: &[Sent], logs: &[Log]) -> Vec<Violation> {
    let mut report = Report::default();
    let mut longest: BTreeMap<&ConversationId, &Log> = BTreeMap::new();
    for log in logs {
        let held = longest.entry(&log.conversation).or_insert(log);
        if last_seq(log) > last_seq(held) {
            *held = log;
        }
    }
    for log in logs {
        let written: Vec<&Sent> = sent
            .iter()
            .filter(|message| message.conversation == log.conversation)
            .collect();
        check_positions(log, last_seq(longest[&log.conversation]), &mut report);
        check_ordinals(log, &mut report);
        check_messages(log, &written, &mut report);
        check_agreement(log, longest[&log.conversation], &mut report);
    }
    report.violations
}

#[derive(Default)]
struct Report {
    violations: Vec<Violation>,
}

impl Report {
    fn add(&mut self, log: &Log, breach: Breach, detail: String) {
        let (conversation, observer) = (log.conversation.clone(), log.observer.clone());
        self.violations.push(Violation {
            breach,
            conversation,
            observer,
            detail,
        });
    }
}

fn last_seq(log: &Log) -> u64 {
    log.entries.iter().map(|entry| entry.seq).max().unwrap_or(0)
}

/// Positions run 1, 2, 3 … up to the newest that anybody has seen.
fn check_positions(log: &Log, newest: u64, report: &mut Report) {
    let mut last = 0;
    for entry in &log.entries {
        if entry.seq == last {
            report.add(log, Breach::Doubled, format!("two entries at {last}"));
        } else if entry.seq < last {
            report.add(log, Breach::Swapped, format!("{} comes after {last}", entry.seq));
        }
        last = last.max(entry.seq);
    }
    let seen: HashSet<u64> = log.entries.iter().map(|entry| entry.seq).collect();
    let mut missing = (1..=newest).filter(|seq| !seen.contains(seq)).peekable();
    while let Some(first) = missing.next() {
        let mut last = first;
        while let Some(next) = missing.next_if_eq(&(last + 1)) {
            last = next;
        }
        report.add(log, Breach::Hole, format!("nothing from {first} to {last} of {newest}"));
    }
}

fn check_ordinals(log: &Log, report: &mut Report) {
    let mut before: Option<&Entry> = None;
    for entry in &log.entries {
        // After a hole the count begins anew: the hole has been reported.
        let counted = match before {
            Some(before) if before.seq + 1 == entry.seq => Some(before.ordinal),
            None if entry.seq == 1 => Some(0),
            _ => None,
        };
        let expected = counted.map(|count| count + u64::from(entry.kind.is_message()));
        if expected.is_some_and(|expected| expected != entry.ordinal) {
            report.add(
                log,
                Breach::Miscounted,
                format!("{} has ordinal {}", entry.seq, entry.ordinal),
            );
        }
        before = Some(entry);
    }
}

fn check_messages(log: &Log, written: &[&Sent], report: &mut Report) {
    let by_body: HashMap<(&UserId, &str), usize> = written
        .iter()
        .enumerate()
        .map(|(index, message)| ((&message.author, message.body.as_str()), index))
        .collect();
    let mut found: HashMap<usize, u64> = HashMap::new();
    let mut named: HashMap<(&UserId, &str), u64> = HashMap::new();
    for entry in &log.entries {
        if let Some(first) = named.insert((&entry.author, entry.client_id.as_str()), entry.seq) {
            let name = &entry.client_id;
            report.add(
                log,
                Breach::Doubled,
                format!("client id {name} at {first} and {}", entry.seq),
            );
        }
        let EntryKind::Message { body } = &entry.kind else {
            continue;
        };
        let Some(index) = by_body.get(&(&entry.author, body.as_str())) else {
            report.add(log, Breach::Foreign, format!("{} was written by nobody", entry.seq));
            continue;
        };
        // The first place counts from here on, so that a double is reported as nothing else.
        let first = *found.entry(*index).or_insert(entry.seq);
        if first != entry.seq {
            report.add(log, Breach::Doubled, format!("{body:?} at {first} and {}", entry.seq));
        }
    }
    for (index, message) in written.iter().enumerate() {
        check_promise(log, message, found.get(&index).copied(), report);
    }
    check_writing_order(log, written, &found, report);
}

fn check_promise(log: &Log, message: &Sent, found: Option<u64>, report: &mut Report) {
    match (message.promise, found) {
        (Promise::Kept | Promise::Stored(_), None) => {
            report.add(log, Breach::Lost, format!("{:?}, {:?}", message.body, message.promise));
        }
        (Promise::Stored(promised), Some(found)) if promised != found => {
            let body = &message.body;
            report.add(
                log,
                Breach::Swapped,
                format!("{body:?} acknowledged at {promised} stands at {found}"),
            );
        }
        _ => {}
    }
}

/// What one device wrote stands in the order in which it was written.
fn check_writing_order(log: &Log, written: &[&Sent], found: &HashMap<usize, u64>, report: &mut Report) {
    let mut last: HashMap<usize, (u64, &str)> = HashMap::new();
    for (index, message) in written.iter().enumerate() {
        let Some(seq) = found.get(&index).copied() else {
            continue;
        };
        match last.get(&message.device) {
            Some((before, body)) if *before > seq => {
                let detail = format!("{:?} at {seq} was written after {body:?} at {before}", message.body);
                report.add(log, Breach::Swapped, detail);
            }
            _ => {
                last.insert(message.device, (seq, &message.body));
            }
        }
    }
}

fn check_agreement(log: &Log, reference: &Log, report: &mut Report) {
    let others: HashMap<u64, &Entry> = reference.entries.iter().map(|entry| (entry.seq, entry)).collect();
    for entry in &log.entries {
        if others.get(&entry.seq).is_some_and(|other| *other != entry) {
            report.add(
                log,
                Breach::Divergent,
                format!("{} differs from {}", entry.seq, reference.observer),
            );
        }
    }
}
