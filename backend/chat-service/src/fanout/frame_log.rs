//! The newest entries of a conversation as frames, bounded in bytes.
//!
//! Always a stretch without a hole that reaches the newest entry this node knows.

use std::collections::VecDeque;

use super::frame::EntryFrame;

/// A ring of frames.
#[derive(Debug, Default)]
pub struct FrameLog {
    frames: VecDeque<EntryFrame>,
    bytes: usize,
    /// The seq of the newest entry known to exist, whether or not its frame is here. 0 when nothing is known.
    head: u64,
}

/// What a cursor finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Position {
    /// There is nothing after the cursor.
    UpToDate,
    /// The next entry is at this index of the ring.
    At(usize),
    /// The next entry is not here any more: read the log.
    Gone,
}

impl FrameLog {
    /// Adds the next frame and drops the oldest ones above `limit_bytes`.
    ///
    /// A frame that is here already changes nothing. A frame after a hole empties the ring first, so that what is
    /// in it never has a hole.
    pub fn push(&mut self, frame: EntryFrame, limit_bytes: usize) {
        if frame.seq <= self.head {
            return;
        }
        if frame.seq != self.head + 1 {
            self.clear();
        }
        self.head = frame.seq;
        self.bytes += frame.bytes.len();
        self.frames.push_back(frame);
        while self.bytes > limit_bytes {
            let Some(oldest) = self.frames.pop_front() else { return };
            self.bytes -= oldest.bytes.len();
        }
    }

    /// Says that the next frame follows this seq; what is here and does not reach it is forgotten.
    pub fn continue_after(&mut self, head: u64) {
        if head > self.head {
            self.clear();
            self.head = head;
        }
    }

    /// The newest seq known.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// Where a socket stands that has everything up to `cursor`.
    pub fn position(&self, cursor: u64) -> Position {
        if cursor >= self.head {
            return Position::UpToDate;
        }
        match self.frames.front() {
            Some(first) if cursor + 1 >= first.seq => {
                usize::try_from(cursor + 1 - first.seq).map_or(Position::Gone, Position::At)
            }
            _ => Position::Gone,
        }
    }

    /// The frames from an index on.
    pub fn from(&self, index: usize) -> impl Iterator<Item = &EntryFrame> + Clone {
        self.frames.range(index.min(self.frames.len())..)
    }

    /// The frame of one seq, if it is here.
    pub fn get(&self, seq: u64) -> Option<&EntryFrame> {
        let first = self.frames.front()?.seq;
        let index = usize::try_from(seq.checked_sub(first)?).ok()?;
        self.frames.get(index)
    }

    /// A message was deleted: what its author wrote is taken out of the frames that say it.
    pub fn blank(&mut self, target: u64) {
        for frame in self.frames.iter_mut().filter(|frame| frame.has_words_of(target)) {
            self.bytes -= frame.bytes.len();
            *frame = frame.blanked();
            self.bytes += frame.bytes.len();
        }
    }

    /// Forgets the frames, not how far the log reaches.
    pub fn clear(&mut self) {
        self.frames = VecDeque::new();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use protocol::ClientId;

    use super::*;

    fn frame(seq: u64) -> EntryFrame {
        EntryFrame {
            seq,
            client_id: ClientId::from_random(u128::from(seq)),
            bytes: Bytes::from_static(b"0123456789"),
            moves: None,
            edits: None,
        }
    }

    fn log_of(seqs: impl IntoIterator<Item = u64>) -> FrameLog {
        let mut log = FrameLog::default();
        seqs.into_iter().for_each(|seq| log.push(frame(seq), 50));
        log
    }

    fn seqs_after(log: &FrameLog, cursor: u64) -> Option<Vec<u64>> {
        match log.position(cursor) {
            Position::At(index) => Some(log.from(index).map(|frame| frame.seq).collect()),
            Position::UpToDate => Some(Vec::new()),
            Position::Gone => None,
        }
    }

    #[test]
    fn a_cursor_gets_what_comes_after_it() {
        let log = log_of(1..=4);
        assert_eq!(seqs_after(&log, 0), Some(vec![1, 2, 3, 4]));
        assert_eq!(seqs_after(&log, 3), Some(vec![4]));
        assert_eq!(seqs_after(&log, 4), Some(vec![]));
        assert_eq!(log.get(2).map(|frame| frame.seq), Some(2));
    }

    #[test]
    fn only_the_newest_bytes_are_kept() {
        let log = log_of(1..=9);
        assert_eq!(seqs_after(&log, 3), None, "fallen out");
        assert_eq!(seqs_after(&log, 4), Some(vec![5, 6, 7, 8, 9]));
    }

    #[test]
    fn a_repeated_frame_changes_nothing_and_a_hole_empties_the_ring() {
        let mut log = log_of(1..=3);
        log.push(frame(2), 50);
        assert_eq!(seqs_after(&log, 1), Some(vec![2, 3]));
        log.push(frame(6), 50);
        assert_eq!(seqs_after(&log, 3), None, "4 and 5 must be read from the log");
        assert_eq!(seqs_after(&log, 5), Some(vec![6]));
    }

    #[test]
    fn a_known_head_without_frames_sends_readers_to_the_log() {
        let mut log = FrameLog::default();
        log.continue_after(7);
        assert_eq!(log.position(6), Position::Gone);
        assert_eq!(log.position(7), Position::UpToDate);
        log.push(frame(8), 50);
        assert_eq!(seqs_after(&log, 7), Some(vec![8]));
    }
}
