//! What a device shows is what follows from the log.

use client::view::TimelineItem;

use super::{Breach, Log, Report, Shown, Violation};
use crate::drawing::draw;

pub(super) fn check(shown: &Shown, log: &Log, report: &mut Report) {
    if let Some(detail) = difference(shown, log) {
        report.violations.push(Violation {
            breach: Breach::Misdrawn,
            conversation: shown.conversation.clone(),
            observer: shown.observer.clone(),
            detail,
        });
    }
}

/// The first thing that is shown in another way than it should be.
pub(super) fn difference(shown: &Shown, log: &Log) -> Option<String> {
    let expected = draw(&log.entries, &shown.person);
    let differs = expected.iter().zip(&shown.items).find(|(wanted, held)| wanted != held);
    if let Some((wanted, held)) = differs {
        return Some(format!("shows {held:?}\n    instead of {wanted:?}"));
    }
    let seq = |item: &TimelineItem| match item {
        TimelineItem::Message(message) => message.seq,
        TimelineItem::Event(entry) => entry.seq,
    };
    (expected.len() != shown.items.len()).then(|| {
        let last = |items: &[TimelineItem]| items.last().map_or(0, seq);
        format!(
            "shows {} items up to {} instead of {} up to {}",
            shown.items.len(),
            last(&shown.items),
            expected.len(),
            last(&expected)
        )
    })
}
