//! Reading what a server says, also one that is newer than this client.

use std::slice;

use protocol::Conversation;
use protocol::frame::ServerFrame;
use serde::Deserialize;
use serde_json::Value;

use crate::originals::{self, Original};
use crate::rest::code_in_place_of_unknown;

/// A frame, with the originals of the entries in it that are unknown here.
pub(super) struct Heard {
    pub(super) frame: ServerFrame,
    pub(super) originals: Vec<Original>,
}

/// Reads a frame; none when this version cannot make anything of it.
pub(super) fn hear(text: &str) -> Option<Heard> {
    let frame = match serde_json::from_str(text) {
        Ok(frame) => frame,
        Err(error) => {
            // Where, and not what: the error itself may quote what people wrote.
            tracing::warn!(column = error.column(), "a frame of the server cannot be read");
            return of_a_newer_server(text);
        }
    };
    let originals = originals_of(&frame, text);
    Some(Heard { frame, originals })
}

fn originals_of(frame: &ServerFrame, text: &str) -> Vec<Original> {
    let (name, entries) = match frame {
        ServerFrame::Entry { entry, .. } | ServerFrame::Ack { entry: Some(entry), .. } => {
            ("entry", slice::from_ref(entry))
        }
        ServerFrame::Truncated { entries, .. } => ("entries", entries.as_slice()),
        _ => return Vec::new(),
    };
    if !originals::any(entries) {
        return Vec::new();
    }
    let mut json: Value = serde_json::from_str(text).unwrap_or_default();
    originals::make_readable(&mut json[name])
}

/// What can be made of a frame that only a newer version understands in full.
fn of_a_newer_server(text: &str) -> Option<Heard> {
    let mut json: Value = serde_json::from_str(text).ok()?;
    let mut originals = Vec::new();
    let frame = match json["type"].as_str()? {
        "refused" => refusal(&json)?,
        "welcome" => welcome(json)?,
        "entry" | "truncated" => {
            let name = if json["entry"].is_null() { "entries" } else { "entry" };
            originals = originals::make_readable(&mut json[name]);
            serde_json::from_value(json).ok()?
        }
        _ => return None,
    };
    Some(Heard { frame, originals })
}

/// A refusal for a reason that this version does not know is still the answer: without it the question would wait, and
/// be asked again on the next connection, for ever.
fn refusal(json: &Value) -> Option<ServerFrame> {
    let retry_after_ms = json["retry_after_ms"].as_u64();
    Some(ServerFrame::Refused {
        id: json["id"].as_u64()?,
        code: code_in_place_of_unknown(if retry_after_ms.is_some() { 503 } else { 403 }),
        detail: json["detail"].as_str().unwrap_or_default().to_owned(),
        retry_after_ms,
    })
}

/// A welcome without the conversations of kinds that this version does not know: they are not shown, the others are.
fn welcome(mut json: Value) -> Option<ServerFrame> {
    let conversations = json["conversations"].as_array_mut()?;
    conversations.retain(|said| Conversation::deserialize(said).is_ok());
    serde_json::from_value(json).ok()
}

#[cfg(test)]
mod tests {
    use protocol::{EntryKind, ErrorCode};

    use super::*;

    fn said(number: u128) -> Conversation {
        Conversation {
            id: protocol::ConversationId::from_random(number),
            kind: protocol::ConversationKind::Channel,
            visibility: protocol::Visibility::Public,
            name: Some("general".to_owned()),
            topic: String::new(),
            archived: false,
            members: Vec::new(),
            member_count: 1,
            membership: protocol::Membership::Member,
            epoch: "e".to_owned(),
            head: 1,
            ordinal: 0,
            last_at: 0,
            read: protocol::ReadMark::default(),
            created_by: protocol::UserId::from_random(1),
            member_since: 0,
            mentions: Vec::new(),
            level: protocol::ChosenLevel::default(),
        }
    }

    const POLL: &str = r#"{"conversation":"c_1","seq":7,"ordinal":3,"at":1,"author":"u_1","client_id":"m_1","kind":"poll","question":"Lunch?"}"#;

    #[test]
    fn an_entry_of_an_unknown_kind_is_heard_with_its_original() {
        let single = format!(r#"{{"type":"entry","epoch":"e","entry":{POLL}}}"#);
        let page = format!(r#"{{"type":"truncated","conversation":"c_1","epoch":"e","entries":[{POLL}]}}"#);
        // A kind of a known name that has other fields is none that is known here.
        let known_name = single.replace("\"poll\"", "\"edit\"");
        let page_of_known_name = page.replace("\"poll\"", "\"message\"");
        for text in [single, page, known_name, page_of_known_name] {
            let heard = hear(&text).unwrap();
            let original = heard.originals.first().unwrap();
            assert_eq!(original.seq, 7);
            let kept: Value = serde_json::from_str(&original.json).unwrap();
            assert_eq!(kept["question"], "Lunch?");
            if let ServerFrame::Entry { entry, .. } = heard.frame {
                assert_eq!(entry.kind, EntryKind::Unknown);
            }
        }
    }

    #[test]
    fn a_refusal_for_an_unknown_reason_is_a_refusal() {
        let text = r#"{"type":"refused","id":4,"code":"conversation_archived","detail":"It is archived."}"#;
        let Some(Heard {
            frame: ServerFrame::Refused { id, code, detail, .. },
            ..
        }) = hear(text)
        else {
            panic!("not heard")
        };
        assert_eq!((id, code), (4, ErrorCode::Forbidden));
        assert_eq!(detail, "It is archived.");
    }

    #[test]
    fn a_conversation_of_an_unknown_kind_does_not_keep_the_others_away() {
        let known = serde_json::to_value(said(1)).unwrap();
        let mut strange = known.clone();
        strange["kind"] = "forum".into();
        let welcome = serde_json::json!({
            "type": "welcome", "id": 1, "user": "u_1", "session": "s_1", "server_time": 1, "token_expires_at": 2,
            "conversations": [strange, known], "limits": protocol::Limits::default(),
        });
        let Some(Heard {
            frame: ServerFrame::Welcome { conversations, .. },
            ..
        }) = hear(&welcome.to_string())
        else {
            panic!("not heard")
        };
        assert_eq!(conversations, [said(1)]);
    }

    #[test]
    fn a_frame_of_an_unknown_type_is_passed_over() {
        assert!(hear(r#"{"type":"weather","id":4}"#).is_none());
    }
}
