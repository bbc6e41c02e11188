//! Positions and ordinals: dense, in order, and the same for everybody (P2).

use std::collections::{HashMap, HashSet};

use protocol::Entry;

use super::{Breach, Log, Report};

pub(super) fn check(log: &Log, reference: &Log, report: &mut Report) {
    check_positions(log, reference.last_seq(), report);
    check_ordinals(log, report);
    check_agreement(log, reference, report);
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
