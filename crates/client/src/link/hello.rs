//! Where the copy stops, in as many `hello` frames as that takes.

use protocol::Limits;
use protocol::frame::Cursor;

/// Room for the rest of a `hello` around its cursors.
const AROUND: usize = 1024;

/// Cursors in as many `hello` frames as their number and size need; at least one.
pub(super) fn hellos(cursors: Vec<Cursor>, limits: &Limits) -> Vec<Vec<Cursor>> {
    let room = (limits.frame_bytes as usize).saturating_sub(AROUND);
    let mut frames = vec![Vec::new()];
    let mut used = 0;
    for cursor in cursors {
        let size = serde_json::to_string(&cursor).map_or(0, |json| json.len() + 1);
        let last = frames.len() - 1;
        if !frames[last].is_empty() && (used + size > room || frames[last].len() >= limits.cursors_per_hello as usize) {
            frames.push(vec![cursor]);
            used = size;
        } else {
            frames[last].push(cursor);
            used += size;
        }
    }
    frames
}

#[cfg(test)]
mod tests {
    use protocol::{ClientId, ConversationId};

    use super::*;

    fn cursors(count: u64) -> Vec<Cursor> {
        let cursor = |number: u64| Cursor {
            conversation: ConversationId::from_random(number.into()),
            epoch: "e".repeat(26),
            seq: number,
            client_id: ClientId::from_random(number.into()),
        };
        (0..count).map(cursor).collect()
    }

    #[test]
    fn a_client_without_cursors_says_one_hello() {
        assert_eq!(hellos(Vec::new(), &Limits::default()), vec![Vec::new()]);
    }

    #[test]
    fn no_hello_has_more_cursors_than_the_server_takes() {
        let limits = Limits {
            cursors_per_hello: 3,
            ..Limits::default()
        };
        let sizes: Vec<usize> = hellos(cursors(7), &limits).iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 3, 1]);
    }

    #[test]
    fn no_hello_is_larger_than_a_frame() {
        let limits = Limits::default();
        let frames = hellos(cursors(2000), &limits);
        assert_eq!(frames.iter().map(Vec::len).sum::<usize>(), 2000);
        for cursors in frames {
            let frame = protocol::frame::ClientFrame::Hello {
                id: u64::MAX,
                cursors,
                more: true,
            };
            assert!(serde_json::to_string(&frame).unwrap().len() <= limits.frame_bytes as usize);
        }
    }
}
