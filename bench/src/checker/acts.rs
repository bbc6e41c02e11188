//! What is done to messages and channels: only what somebody did, only what they may, and nothing after a deletion.

use std::collections::{BTreeMap, HashMap, HashSet};

use protocol::{Entry, EntryKind, UserId};

use super::{Breach, Deed, Log, Promise, Report};

pub(super) fn check(log: &Log, deeds: &[&Deed], moderators: &[UserId], report: &mut Report) {
    let deleted: HashSet<u64> = log.deletions().into_keys().collect();
    check_rules(log, moderators, report);
    check_origin(log, deeds, &deleted, report);
    check_edits(log, deeds, &deleted, report);
    check_last_word(log, deeds, &deleted, report);
    check_stored(log, deeds, report);
    check_deletions(log, deeds, &deleted, report);
}

/// A message while the log is read.
struct Message<'a> {
    author: &'a UserId,
    body: &'a str,
    deleted: bool,
    pinned: bool,
    reactions: HashSet<(&'a str, &'a UserId)>,
}

/// Each act has a message to act on, is allowed, and changes something.
fn check_rules(log: &Log, moderators: &[UserId], report: &mut Report) {
    let mut messages: BTreeMap<u64, Message<'_>> = BTreeMap::new();
    for entry in &log.entries {
        if let EntryKind::Message { body, .. } = &entry.kind {
            let message = Message {
                author: &entry.author,
                body,
                deleted: false,
                pinned: false,
                reactions: HashSet::new(),
            };
            messages.insert(entry.seq, message);
        }
        let Some(target) = entry.kind.target() else { continue };
        let Some(message) = messages.get_mut(&target) else {
            let detail = format!("{} acts on {target}, which is no message before it", entry.seq);
            report.add(log, Breach::Foreign, detail);
            continue;
        };
        if message.deleted {
            let detail = format!("{} acts on {target}, which was deleted", entry.seq);
            report.add(log, Breach::AfterDeletion, detail);
            continue;
        }
        if !message.may(entry, moderators) {
            let detail = format!("{} by {} on {target}", entry.seq, entry.author);
            report.add(log, Breach::Unallowed, detail);
        }
        if !message.take(entry) {
            report.add(
                log,
                Breach::Idle,
                format!("{} changes nothing: {:?}", entry.seq, entry.kind),
            );
        }
    }
}

impl<'a> Message<'a> {
    fn may(&self, entry: &Entry, moderators: &[UserId]) -> bool {
        match entry.kind {
            EntryKind::Edit { .. } => entry.author == *self.author,
            EntryKind::Delete { .. } => entry.author == *self.author || moderators.contains(&entry.author),
            _ => true,
        }
    }

    /// Applies an entry; returns whether it changed anything.
    fn take(&mut self, entry: &'a Entry) -> bool {
        match &entry.kind {
            EntryKind::Edit { body, .. } => {
                let is_new = self.body != body || body.is_empty();
                self.body = body;
                is_new
            }
            EntryKind::Delete { .. } => !std::mem::replace(&mut self.deleted, true),
            EntryKind::Pin { on, .. } => std::mem::replace(&mut self.pinned, *on) != *on,
            EntryKind::React { emoji, on: true, .. } => self.reactions.insert((emoji, &entry.author)),
            EntryKind::React { emoji, on: false, .. } => self.reactions.remove(&(emoji.as_str(), &entry.author)),
            _ => true,
        }
    }
}

/// Nothing stands there more often than somebody did it. Members and names come about in other ways, too.
fn check_origin(log: &Log, deeds: &[&Deed], deleted: &HashSet<u64>, report: &mut Report) {
    let mut done: HashMap<(&UserId, String), usize> = HashMap::new();
    for deed in deeds {
        *done.entry((&deed.author, origin_of(&deed.kind, deleted))).or_default() += 1;
    }
    for entry in &log.entries {
        let is_checked =
            entry.kind.target().is_some() || matches!(entry.kind, EntryKind::Topic { .. } | EntryKind::Archived { .. });
        if !is_checked {
            continue;
        }
        #[expect(clippy::single_match_else, reason = "both ways of a line are told beside each other")]
        match done.get_mut(&(&entry.author, origin_of(&entry.kind, deleted))) {
            Some(left @ 1..) => *left -= 1,
            _ => {
                let detail = format!("{} was done by nobody, or once only: {:?}", entry.seq, entry.kind);
                let is_edit = matches!(&entry.kind, EntryKind::Edit { body, .. } if !body.is_empty());
                let was_done = done.contains_key(&(&entry.author, origin_of(&entry.kind, deleted)));
                // A text is written once, so it cannot stand there twice. Everything else may be done again.
                let breach = if is_edit && was_done {
                    Breach::Doubled
                } else {
                    Breach::Foreign
                };
                report.add(log, breach, detail);
            }
        }
    }
}

/// What tells deeds apart. Edits of a message that is deleted have lost their text.
fn origin_of(kind: &EntryKind, deleted: &HashSet<u64>) -> String {
    match kind {
        EntryKind::Edit { target, .. } if deleted.contains(target) => format!("{:?}", kind.blanked()),
        kind => format!("{kind:?}"),
    }
}

/// Promised edits are there, unless their message is gone, and those of one device in their order.
fn check_edits(log: &Log, deeds: &[&Deed], deleted: &HashSet<u64>, report: &mut Report) {
    let edits = log
        .entries
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::Edit { .. }));
    let standing: Vec<&Entry> = edits.collect();
    let mut last: HashMap<(usize, u64), u64> = HashMap::new();
    for deed in deeds {
        let EntryKind::Edit { target, .. } = &deed.kind else {
            continue;
        };
        if deleted.contains(target) {
            continue;
        }
        let stands = standing
            .iter()
            .find(|entry| entry.kind == deed.kind && entry.author == deed.author);
        match stands {
            None if deed.promise != Promise::None => {
                report.add(log, Breach::Lost, format!("{:?}, {:?}", deed.kind, deed.promise));
            }
            None => {}
            Some(entry) => {
                let before = last.insert((deed.device, *target), entry.seq);
                if before.is_some_and(|before| before > entry.seq) {
                    let detail = format!("{:?} at {} was written later", deed.kind, entry.seq);
                    report.add(log, Breach::Swapped, detail);
                }
            }
        }
    }
}

/// What one device alone did to a reaction or a pin ends as it did it last.
fn check_last_word(log: &Log, deeds: &[&Deed], deleted: &HashSet<u64>, report: &mut Report) {
    let mut last: HashMap<Subject, (&Deed, bool)> = HashMap::new();
    for deed in deeds {
        let Some((subject, _)) = Subject::of(&deed.author, &deed.kind) else {
            continue;
        };
        let alone = last
            .get(&subject)
            .is_none_or(|(before, alone)| *alone && before.device == deed.device);
        last.insert(subject, (deed, alone));
    }
    let states: HashMap<Subject, bool> = log
        .entries
        .iter()
        .filter_map(|entry| Subject::of(&entry.author, &entry.kind))
        .collect();
    for (subject, (deed, alone)) in last {
        if !alone || deed.promise == Promise::None || deleted.contains(&subject.target) {
            continue;
        }
        let wanted = Subject::of(&deed.author, &deed.kind).map(|(_, on)| on);
        if states.get(&subject).copied().unwrap_or(false) != wanted.unwrap_or(false) {
            report.add(log, Breach::Lost, format!("{:?} is not the last word", deed.kind));
        }
    }
}

/// Something that is either on or off.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Subject {
    target: u64,
    /// An emoji and whose it is; none for the pin.
    reaction: Option<(UserId, String)>,
}

impl Subject {
    fn of(author: &UserId, kind: &EntryKind) -> Option<(Self, bool)> {
        let (target, reaction, on) = match kind {
            EntryKind::React { target, emoji, on } => (*target, Some((author.clone(), emoji.clone())), *on),
            EntryKind::Pin { target, on } => (*target, None, *on),
            _ => return None,
        };
        Some((Self { target, reaction }, on))
    }
}

/// What was acknowledged with its position stands there, but for what a deletion took from it; a topic somewhere.
fn check_stored(log: &Log, deeds: &[&Deed], report: &mut Report) {
    let at: HashMap<u64, &Entry> = log.entries.iter().map(|entry| (entry.seq, entry)).collect();
    for deed in deeds.iter().filter(|deed| !deed.kind.is_message()) {
        if matches!(deed.kind, EntryKind::Topic { .. })
            && deed.promise != Promise::None
            && !log.entries.iter().any(|entry| entry.kind == deed.kind)
        {
            report.add(log, Breach::Lost, format!("{:?} was acknowledged", deed.kind));
            continue;
        }
        let Promise::Stored(seq) = deed.promise else { continue };
        let is_it = |entry: &Entry| {
            entry.author == deed.author && (entry.kind == deed.kind || entry.kind == deed.kind.blanked())
        };
        if !at.get(&seq).copied().is_some_and(is_it) {
            report.add(log, Breach::Lost, format!("{:?} is not at {seq}", deed.kind));
        }
    }
}

/// A promised deletion has happened, whoever was first, and of what was deleted no text is left.
fn check_deletions(log: &Log, deeds: &[&Deed], deleted: &HashSet<u64>, report: &mut Report) {
    for deed in deeds.iter().filter(|deed| deed.promise != Promise::None) {
        if let EntryKind::Delete { target } = deed.kind
            && !deleted.contains(&target)
        {
            report.add(log, Breach::Lost, format!("{target} is still there"));
        }
    }
    for entry in &log.entries {
        let about = match entry.kind {
            EntryKind::Message { .. } => Some(entry.seq),
            _ => entry.kind.target(),
        };
        let is_deleted = about.is_some_and(|seq| deleted.contains(&seq));
        if is_deleted && entry.kind != entry.kind.blanked() {
            report.add(log, Breach::Unblanked, format!("{} still has its text", entry.seq));
        }
    }
}
