//! Entries that this version does not know, as they came: kept so that a later version can show them.

use protocol::rest::chat::Entries;
use protocol::{ConversationId, Entry, EntryKind};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The JSON of one entry whose kind is unknown here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Original {
    pub(crate) conversation: ConversationId,
    pub(crate) seq: u64,
    pub(crate) json: String,
}

/// A page of history, with the originals of what is unknown in it.
pub(crate) struct HistoryPage {
    pub(crate) entries: Entries,
    pub(crate) originals: Vec<Original>,
}

impl<'de> Deserialize<'de> for HistoryPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let entries = Entries::deserialize(&json).map_err(D::Error::custom)?;
        let originals = among(&entries.entries, json["entries"].as_array().into_iter().flatten());
        Ok(Self { entries, originals })
    }
}

/// Whether any of these is unknown here.
pub(crate) fn any(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.kind == EntryKind::Unknown)
}

/// The originals of those entries that are unknown here; `json` has the same entries in the same order.
pub(crate) fn among<'a>(entries: &[Entry], json: impl Iterator<Item = &'a Value>) -> Vec<Original> {
    entries
        .iter()
        .zip(json)
        .filter(|(entry, _)| entry.kind == EntryKind::Unknown)
        .map(|(entry, json)| Original {
            conversation: entry.conversation.clone(),
            seq: entry.seq,
            json: json.to_string(),
        })
        .collect()
}
