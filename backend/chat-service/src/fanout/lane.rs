//! The short way to a socket: whoever has news for many writes it to each at once, without waking their tasks.
//!
//! A task opens its lane when it goes to sleep with nothing left to write, and closes it before it writes anything
//! itself; so a frame is never cut by another one. Only entries go this way, and only to a slot whose client has exactly
//! what stands before them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::net::TcpStream;

use super::frame::EntryFrame;

/// The most that is written in one go. What is longer would seldom fit, and is the task's business then.
const LONGEST_RUN_BYTES: usize = 16 * 1024;

/// The way to one socket.
#[derive(Debug, Default)]
pub struct Lane {
    line: Option<Arc<TcpStream>>,
    is_open: bool,
    /// What the network did not take any more. The lane is closed then, and the task begins with this.
    rest: Option<Bytes>,
}

impl Lane {
    /// This is where the lane leads. Not open yet.
    pub fn lead_to(&mut self, line: Arc<TcpStream>) {
        self.line = Some(line);
    }

    /// The task sleeps, and has nothing to write.
    pub fn open(&mut self) {
        self.is_open = self.line.is_some();
    }

    /// The task writes by itself from now on: first of all what is handed over here, the end of a frame.
    pub fn close(&mut self) -> Option<Bytes> {
        self.is_open = false;
        self.rest.take()
    }

    /// The socket is gone.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// Whether it may be written to.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Writes these bytes; false when not one of them was taken, and the task has to see to them.
    ///
    /// When only some were taken the lane closes, and the task must be woken for the rest.
    pub fn write(&mut self, bytes: &Bytes) -> bool {
        let Some(line) = &self.line else { return false };
        let Ok(written) = line.try_write(bytes) else {
            // No room, or nobody there: the task finds out which.
            self.is_open = false;
            return false;
        };
        if written < bytes.len() {
            let mut rest = bytes.clone();
            rest.advance(written);
            self.rest = Some(rest);
            self.is_open = false;
        }
        true
    }
}

/// Up to which seq a socket's client has a conversation, when it takes entries as they come.
#[derive(Debug)]
pub struct Place(AtomicU64);

/// No seq of any entry.
const ELSEWHERE: u64 = u64::MAX;

impl Place {
    /// The client has to be brought up to date first.
    pub fn elsewhere() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(ELSEWHERE)))
    }

    /// The client has everything up to here.
    pub fn stand_at(&self, seq: u64) {
        self.0.store(seq, Ordering::Release);
    }

    /// What happens is not for this client as it comes.
    pub fn leave(&self) {
        self.0.store(ELSEWHERE, Ordering::Release);
    }

    /// Where the client stands, if it takes entries as they come.
    pub fn seq(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Acquire)).filter(|seq| *seq != ELSEWHERE)
    }
}

/// Entries in the order of seq, as one piece.
#[derive(Debug)]
pub struct Run {
    after: u64,
    last: u64,
    bytes: Bytes,
}

impl Run {
    /// These entries in one piece; none when somebody came or went in them, which each socket has to look at (P6), or when
    /// it would be too long.
    pub fn of<'a>(frames: impl Iterator<Item = &'a EntryFrame> + Clone) -> Option<Self> {
        let first = frames.clone().next()?;
        let (mut last, mut count, mut length) = (first.seq, 0, 0);
        for frame in frames.clone() {
            if frame.moves.is_some() {
                return None;
            }
            (last, count, length) = (frame.seq, count + 1, length + frame.bytes.len());
        }
        if length > LONGEST_RUN_BYTES {
            return None;
        }
        let bytes = if count == 1 {
            first.bytes.clone()
        } else {
            let mut joined = BytesMut::with_capacity(length);
            frames.for_each(|frame| joined.extend_from_slice(&frame.bytes));
            joined.freeze()
        };
        Some(Self {
            after: first.seq.saturating_sub(1),
            last,
            bytes,
        })
    }

    /// How many entries it has.
    pub fn entries(&self) -> u64 {
        self.last - self.after
    }

    /// Writes it where it is the next thing to be written; says whether nothing is left to be done about it.
    pub fn write(&self, lane: &mut Lane, place: &Place) -> bool {
        match place.seq() {
            // The task was faster.
            Some(seq) if seq >= self.last => true,
            Some(seq) if seq == self.after && lane.write(&self.bytes) => {
                place.stand_at(self.last);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Entry, EntryKind};
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    use super::*;
    use crate::testing::{conversation, message, user};

    async fn lane() -> (Lane, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let far = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (near, _) = listener.accept().await.unwrap();
        near.writable().await.unwrap();
        let mut lane = Lane::default();
        lane.lead_to(Arc::new(near));
        (lane, far)
    }

    fn frames(entries: &[Entry]) -> Vec<EntryFrame> {
        entries.iter().map(|entry| EntryFrame::of("e", entry)).collect()
    }

    fn messages(seqs: std::ops::RangeInclusive<u64>) -> Vec<EntryFrame> {
        let entries: Vec<Entry> = seqs.map(|seq| message(&conversation(1), seq, &user(1))).collect();
        frames(&entries)
    }

    #[tokio::test]
    async fn a_run_goes_only_to_whoever_stands_right_before_it() {
        let (mut lane, mut far) = lane().await;
        lane.open();
        let frames = messages(4..=5);
        let run = Run::of(frames.iter()).unwrap();
        let place = Place::elsewhere();
        assert!(!run.write(&mut lane, &place), "not as it comes");
        place.stand_at(2);
        assert!(!run.write(&mut lane, &place), "one is missing before it");
        place.stand_at(3);
        assert!(run.write(&mut lane, &place));
        assert_eq!(place.seq(), Some(5));
        assert!(run.write(&mut lane, &place), "there is nothing left to do");

        let expected = [frames[0].bytes.as_ref(), frames[1].bytes.as_ref()].concat();
        let mut received = vec![0; expected.len()];
        far.read_exact(&mut received).await.unwrap();
        assert_eq!(received, expected);
        lane.end();
        assert_eq!(far.read(&mut [0; 1]).await.unwrap(), 0, "written once");
    }

    #[tokio::test]
    async fn what_the_network_does_not_take_is_handed_over_and_the_lane_closes() {
        let (mut lane, mut far) = lane().await;
        lane.open();
        let frames = messages(1..=1);
        let place = Place::elsewhere();
        let mut sent = Vec::new();
        let mut after = 0;
        while lane.is_open() {
            place.stand_at(after);
            let run = Run {
                after,
                last: after + 1,
                bytes: Bytes::from(frames[0].bytes.repeat(80)),
            };
            if run.write(&mut lane, &place) {
                sent.extend_from_slice(&run.bytes);
                after += 1;
            }
        }
        assert_eq!(place.seq(), Some(after), "what was taken in part counts as taken");
        let rest = lane.close().unwrap_or_default();
        lane.end();
        let mut received = Vec::new();
        far.read_to_end(&mut received).await.unwrap();
        received.extend_from_slice(&rest);
        assert_eq!(received, sent);
    }

    #[test]
    fn who_comes_or_goes_is_for_each_socket_to_look_at() {
        let left = Entry {
            kind: EntryKind::Left { person: user(3) },
            ..message(&conversation(1), 2, &user(1))
        };
        let with_left = frames(&[message(&conversation(1), 1, &user(1)), left]);
        assert!(Run::of(with_left.iter()).is_none());
        assert!(Run::of(with_left[..1].iter()).is_some());
        assert!(Run::of(messages(1..=1000).iter()).is_none(), "too long");
    }
}
