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
        let mut json = Value::deserialize(deserializer)?;
        let originals = make_readable(&mut json["entries"]);
        let entries = Entries::deserialize(&json).map_err(D::Error::custom)?;
        Ok(Self { entries, originals })
    }
}

/// Whether any of these is unknown here.
pub(crate) fn any(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.kind == EntryKind::Unknown)
}

/// Makes every entry in this JSON, one or a list, one that can be read: what is unknown here becomes a bare entry of an
/// unknown kind. Returns the originals of those.
///
/// Unknown is a kind with a new name, and also one with a known name whose fields are others than this version knows. Left
/// unread, it would look like a hole in the log that no resume can fill.
pub(crate) fn make_readable(json: &mut Value) -> Vec<Original> {
    let entries = match json {
        Value::Array(entries) => entries.iter_mut().collect(),
        Value::Object(_) => vec![json],
        _ => Vec::new(),
    };
    entries.into_iter().filter_map(make_one_readable).collect()
}

fn make_one_readable(json: &mut Value) -> Option<Original> {
    let known = Entry::deserialize(&*json).is_ok_and(|entry| entry.kind != EntryKind::Unknown);
    if known {
        return None;
    }
    let original = json.to_string();
    json["kind"] = "unknown".into();
    let entry = Entry::deserialize(&*json).ok()?;
    Some(Original {
        conversation: entry.conversation,
        seq: entry.seq,
        json: original,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(entries: &Value) -> Result<HistoryPage, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "epoch": "one", "head": 9, "entries": entries }))
    }

    fn entry(kind: &str) -> Value {
        serde_json::json!({ "conversation": "c_1", "seq": 7, "ordinal": 3, "at": 1, "author": "u_1",
            "client_id": "m_1", "kind": kind })
    }

    #[test]
    fn a_known_kind_with_other_fields_is_an_unknown_kind() {
        for kind in ["message", "poll", "react"] {
            let page = page(&[entry(kind)].into_iter().collect()).unwrap();
            assert_eq!(page.entries.entries[0].kind, EntryKind::Unknown, "{kind}");
            let original: Value = serde_json::from_str(&page.originals[0].json).unwrap();
            assert_eq!(original["kind"], kind);
        }
    }

    #[test]
    fn what_has_no_place_in_a_log_is_no_entry() {
        let mut nowhere = entry("message");
        nowhere["seq"] = "seven".into();
        assert!(page(&[nowhere].into_iter().collect()).is_err());
    }
}
