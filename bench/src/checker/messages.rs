//! Messages: each that was promised stands once, where it was promised, in the order in which its device wrote it.

use std::collections::HashMap;

use protocol::{ClientId, Entry, EntryKind, UserId};

use super::{Breach, Deed, Log, Promise, Report};

pub(super) fn check(log: &Log, deeds: &[&Deed], report: &mut Report) {
    check_client_ids(log, report);
    let written: Vec<&Deed> = deeds.iter().copied().filter(|deed| deed.kind.is_message()).collect();
    let found = find(log, &written, report);
    for (index, message) in written.iter().enumerate() {
        check_promise(log, message, found.get(&index).copied(), report);
    }
    check_writing_order(log, &written, &found, report);
}

fn check_client_ids(log: &Log, report: &mut Report) {
    let mut named: HashMap<(&UserId, &ClientId), u64> = HashMap::new();
    for entry in &log.entries {
        if let Some(first) = named.insert((&entry.author, &entry.client_id), entry.seq) {
            let name = &entry.client_id;
            report.add(
                log,
                Breach::Doubled,
                format!("client id {name} at {first} and {}", entry.seq),
            );
        }
    }
}

/// Where each message that was written stands.
fn find(log: &Log, written: &[&Deed], report: &mut Report) -> HashMap<usize, u64> {
    let (mut by_text, mut by_name) = (HashMap::new(), HashMap::new());
    for (index, deed) in written.iter().enumerate() {
        if let EntryKind::Message { body, .. } = &deed.kind {
            by_text.insert((&deed.author, body.as_str()), index);
        }
        if let Some(name) = &deed.client_id {
            by_name.insert((&deed.author, name), index);
        }
    }
    let mut found: HashMap<usize, u64> = HashMap::new();
    let mut nameless: Vec<&Entry> = Vec::new();
    for entry in &log.entries {
        let EntryKind::Message { body, reply_to, .. } = &entry.kind else {
            continue;
        };
        // The text first: a message that was stored twice has two names.
        let text = by_text.get(&(&entry.author, body.as_str()));
        let Some(index) = text
            .or_else(|| by_name.get(&(&entry.author, &entry.client_id)))
            .copied()
        else {
            nameless.push(entry);
            continue;
        };
        // The first place counts from here on, so that a double is reported as nothing else.
        let first = *found.entry(index).or_insert(entry.seq);
        if first != entry.seq {
            report.add(log, Breach::Doubled, format!("{body:?} at {first} and {}", entry.seq));
        }
        if !matches!(&written[index].kind, EntryKind::Message { reply_to: answered, .. } if answered == reply_to) {
            report.add(
                log,
                Breach::Foreign,
                format!("{} answers another message: {reply_to:?}", entry.seq),
            );
        }
    }
    check_nameless(log, &nameless, written, &found, report);
    found
}

/// A message whose text is gone and whose name no device could tell before it died may be any that nothing was
/// promised about; anything else was written by nobody.
fn check_nameless(log: &Log, nameless: &[&Entry], written: &[&Deed], found: &HashMap<usize, u64>, report: &mut Report) {
    let deletions = log.deletions();
    for (number, entry) in nameless.iter().enumerate() {
        let before = nameless[..number].iter().filter(|other| other.author == entry.author);
        let unheard_of = written.iter().enumerate().filter(|(index, deed)| {
            deed.author == entry.author && deed.client_id.is_none() && !found.contains_key(index)
        });
        let is_gone = deletions.contains_key(&entry.seq) && entry.kind == entry.kind.blanked();
        if !is_gone || before.count() >= unheard_of.count() {
            report.add(log, Breach::Foreign, format!("{} was written by nobody", entry.seq));
        }
    }
}

fn check_promise(log: &Log, message: &Deed, found: Option<u64>, report: &mut Report) {
    match (message.promise, found) {
        (Promise::Kept | Promise::Stored(_), None) => {
            report.add(log, Breach::Lost, format!("{:?}, {:?}", message.kind, message.promise));
        }
        (Promise::Stored(promised), Some(found)) if promised != found => {
            let kind = &message.kind;
            report.add(
                log,
                Breach::Swapped,
                format!("{kind:?} acknowledged at {promised} stands at {found}"),
            );
        }
        _ => {}
    }
}

/// What one device wrote stands in the order in which it was written.
fn check_writing_order(log: &Log, written: &[&Deed], found: &HashMap<usize, u64>, report: &mut Report) {
    let mut last: HashMap<usize, u64> = HashMap::new();
    for (index, message) in written.iter().enumerate() {
        let Some(seq) = found.get(&index).copied() else {
            continue;
        };
        match last.get(&message.device) {
            Some(before) if *before > seq => {
                let detail = format!("{:?} at {seq} was written after the one at {before}", message.kind);
                report.add(log, Breach::Swapped, detail);
            }
            _ => {
                last.insert(message.device, seq);
            }
        }
    }
}
