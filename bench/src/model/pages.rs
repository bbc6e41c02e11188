//! What pages of history say became of their messages, against the fold of the whole log.

use std::collections::BTreeMap;

use protocol::rest::chat::Entries;
use protocol::timeline::MessageFold;
use protocol::{ConversationId, Entry};

use super::cast::Cast;
use crate::checker::{Breach, Log, Violation};

/// Odd sizes, so that the borders of pages lie anywhere.
const SIZES: [u32; 2] = [7, 100];

/// Every page that says something else than the log.
pub(super) async fn compare(cast: &Cast, logs: &[Log]) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    for log in logs {
        let folds = fold(&log.entries);
        for size in SIZES {
            found.extend(compare_pages(cast, log, &folds, size).await?);
        }
    }
    Ok(found)
}

/// What became of each message that is not as it was sent.
fn fold(entries: &[Entry]) -> BTreeMap<u64, MessageFold> {
    let mut folds: BTreeMap<u64, MessageFold> = BTreeMap::new();
    for entry in entries {
        if let Some(target) = entry.kind.target() {
            folds.entry(target).or_default().apply(entry);
        }
    }
    folds
}

async fn compare_pages(
    cast: &Cast,
    log: &Log,
    folds: &BTreeMap<u64, MessageFold>,
    size: u32,
) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    let mut before = u64::MAX >> 11;
    loop {
        let page = page_before(cast, &log.conversation, before, size).await?;
        let (Some(first), Some(last)) = (page.entries.first(), page.entries.last()) else {
            return Ok(found);
        };
        let said: BTreeMap<u64, &MessageFold> = page.messages.iter().map(|said| (said.seq, &said.state)).collect();
        let expected: BTreeMap<u64, &MessageFold> = folds
            .range(first.seq..=last.seq)
            .map(|(seq, fold)| (*seq, fold))
            .collect();
        if said != expected {
            let differing = expected
                .keys()
                .chain(said.keys())
                .find(|seq| said.get(seq) != expected.get(seq));
            let seq = differing.copied().unwrap_or(0);
            found.push(Violation {
                breach: Breach::Misdrawn,
                conversation: log.conversation.clone(),
                observer: format!("a page of {size}"),
                detail: format!("{seq} is {:?}\n    instead of {:?}", said.get(&seq), expected.get(&seq)),
            });
        }
        before = first.seq;
    }
}

async fn page_before(cast: &Cast, conversation: &ConversationId, before: u64, size: u32) -> anyhow::Result<Entries> {
    let path = format!("/v1/conversations/{conversation}/entries?before={before}&limit={size}");
    cast.rest.get(&path, Some(cast.token(0))).await?.json()
}
