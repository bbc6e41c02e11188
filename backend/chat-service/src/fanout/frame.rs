//! Entries and other news as complete WebSocket frames, ready to be written to any socket.

use bytes::{BufMut as _, Bytes, BytesMut};
use protocol::frame::ServerFrame;
use protocol::{ClientId, Entry, EntryKind, UserId};
use serde::Serialize;

/// FIN and the opcode of a text frame (RFC 6455 §5.2). Frames of a server are not masked.
const FINAL_TEXT: u8 = 0x81;
/// The longest header: two bytes and a 64-bit length.
const LONGEST_HEADER: usize = 10;

/// An empty ping frame (RFC 6455 §5.5.2).
pub const PING: Bytes = Bytes::from_static(&[0x89, 0x00]);

/// One entry, encoded for every socket.
#[derive(Debug, Clone)]
pub struct EntryFrame {
    pub seq: u64,
    pub client_id: ClientId,
    /// The whole frame, header included.
    pub bytes: Bytes,
    /// Set when the entry changes who is a member.
    pub moves: Option<Move>,
    /// The message that the entry writes anew.
    pub edits: Option<u64>,
}

/// Somebody came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub person: UserId,
    pub joined: bool,
}

impl Move {
    /// What the entry does to the members, if anything.
    pub fn of(entry: &Entry) -> Option<Self> {
        let (person, joined) = match &entry.kind {
            EntryKind::Joined { person } => (person, true),
            EntryKind::Left { person } => (person, false),
            _ => return None,
        };
        Some(Self {
            person: person.clone(),
            joined,
        })
    }
}

impl EntryFrame {
    /// Encodes an entry.
    pub fn of(epoch: &str, entry: &Entry) -> Self {
        Self {
            seq: entry.seq,
            client_id: entry.client_id.clone(),
            bytes: text_frame(&BorrowedEntry {
                kind: "entry",
                epoch,
                entry,
            }),
            moves: Move::of(entry),
            edits: match entry.kind {
                EntryKind::Edit { target, .. } => Some(target),
                _ => None,
            },
        }
    }

    /// Whether it says what the author of the message at `target` wrote.
    pub fn has_words_of(&self, target: u64) -> bool {
        self.seq == target || self.edits == Some(target)
    }

    /// The same without what its author wrote. Rare, so that it is made from the frame itself.
    #[must_use]
    pub fn blanked(&self) -> Self {
        let Ok(ServerFrame::Entry { epoch, entry }) = serde_json::from_slice(payload(&self.bytes)) else {
            return self.clone();
        };
        let kind = entry.kind.blanked();
        Self::of(&epoch, &Entry { kind, ..entry })
    }
}

/// [`ServerFrame::Entry`] without owning the entry.
#[derive(Serialize)]
struct BorrowedEntry<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    epoch: &'a str,
    entry: &'a Entry,
}

/// Any frame of the protocol as bytes.
pub fn encode(frame: &ServerFrame) -> Bytes {
    text_frame(frame)
}

/// What a frame of ours carries.
fn payload(frame: &[u8]) -> &[u8] {
    let header = match frame.get(1) {
        Some(126) => 4,
        Some(127) => LONGEST_HEADER,
        _ => 2,
    };
    frame.get(header..).unwrap_or_default()
}

fn text_frame(value: &impl Serialize) -> Bytes {
    // The types of the protocol hold nothing that JSON cannot say; an empty object is the least wrong answer.
    let json = serde_json::to_vec(value).unwrap_or_else(|_| b"{}".to_vec());
    let mut frame = BytesMut::with_capacity(json.len() + LONGEST_HEADER);
    frame.put_u8(FINAL_TEXT);
    match (u8::try_from(json.len()), u16::try_from(json.len())) {
        (Ok(length @ 0..=125), _) => frame.put_u8(length),
        (_, Ok(length)) => {
            frame.put_u8(126);
            frame.put_u16(length);
        }
        _ => {
            frame.put_u8(127);
            frame.put_u64(json.len() as u64);
        }
    }
    frame.extend_from_slice(&json);
    frame.freeze()
}

#[cfg(test)]
mod tests {
    use protocol::ConversationId;

    use super::*;

    fn message(body: String) -> Entry {
        Entry {
            conversation: ConversationId::from_random(1),
            seq: 3,
            ordinal: 2,
            at: 5,
            author: UserId::from_random(2),
            client_id: ClientId::from_random(3),
            kind: EntryKind::message(body, None),
        }
    }

    /// Reads a frame as a client would.
    fn read(frame: &[u8]) -> &[u8] {
        assert_eq!(frame[0], FINAL_TEXT);
        let (length, rest) = match frame[1] {
            126 => (
                usize::from(u16::from_be_bytes(frame[2..4].try_into().unwrap())),
                &frame[4..],
            ),
            127 => (
                usize::try_from(u64::from_be_bytes(frame[2..10].try_into().unwrap())).unwrap(),
                &frame[10..],
            ),
            short => (usize::from(short), &frame[2..]),
        };
        assert_eq!(rest.len(), length, "the length in the header is that of the payload");
        rest
    }

    #[test]
    fn an_encoded_entry_reads_back_as_the_protocol_frame_at_every_length() {
        for length in [1, 200, 70_000] {
            let entry = message("x".repeat(length));
            let frame = EntryFrame::of("epoch", &entry);
            assert_eq!(payload(&frame.bytes), read(&frame.bytes));
            let read: ServerFrame = serde_json::from_slice(read(&frame.bytes)).unwrap();
            let epoch = "epoch".to_owned();
            assert_eq!(read, ServerFrame::Entry { epoch, entry });
        }
    }

    #[test]
    fn a_blanked_frame_says_nothing_and_keeps_its_place() {
        for length in [5, 300, 70_000] {
            let entry = message("x".repeat(length));
            let blanked = EntryFrame::of("epoch", &entry).blanked();
            let kind = entry.kind.blanked();
            assert_eq!(blanked.bytes, EntryFrame::of("epoch", &Entry { kind, ..entry }).bytes);
            assert_eq!(blanked.seq, 3);
        }
    }

    #[test]
    fn a_short_frame_has_a_short_header() {
        let ack = encode(&ServerFrame::Ack { id: 1, entry: None });
        assert_eq!(read(&ack), br#"{"type":"ack","id":1}"#);
    }
}
