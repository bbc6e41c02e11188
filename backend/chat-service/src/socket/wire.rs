//! The network side of a socket: reading as it comes, writing from a queue of complete frames.
//!
//! The WebSocket library above reads frames and answers pings; what it writes is put into the same queue, so that a
//! frame is never cut by another one. Frames that were encoded once for everybody pass it by.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// Frames that go to the kernel in one call.
const FRAMES_PER_WRITE: usize = 64;

/// A connection and the frames that wait for it.
pub(super) struct Wire<S> {
    stream: S,
    queue: VecDeque<Bytes>,
    queued_bytes: usize,
    /// The first frame has been written in part.
    is_cut: bool,
    /// Since when nothing could be written although something waits.
    stalled_since: Option<Instant>,
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            queue: VecDeque::new(),
            queued_bytes: 0,
            is_cut: false,
            stalled_since: None,
        }
    }

    /// Adds a complete frame.
    pub(super) fn push(&mut self, frame: Bytes) {
        self.queued_bytes += frame.len();
        self.queue.push_back(frame);
    }

    /// Puts the end of a frame, whose beginning was written past this queue, before everything else.
    pub(super) fn push_rest(&mut self, rest: Bytes) {
        self.queued_bytes += rest.len();
        self.queue.push_front(rest);
        self.is_cut = true;
    }

    /// Bytes that wait.
    pub(super) fn queued_bytes(&self) -> usize {
        self.queued_bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Since when the other side has taken nothing.
    pub(super) fn stalled_since(&self) -> Option<Instant> {
        self.stalled_since
    }

    /// Drops what waits, but for the rest of a frame whose beginning was written.
    pub(super) fn drop_waiting(&mut self) {
        self.queue.truncate(usize::from(self.is_cut));
        self.queued_bytes = self.queue.iter().map(Bytes::len).sum();
    }
}

impl<S: AsyncWrite + Unpin> Wire<S> {
    /// Writes until the queue is empty or the network takes no more.
    pub(super) fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.queue.is_empty() {
            let written = match self.poll_write_once(context) {
                Poll::Ready(written) => written?,
                Poll::Pending => {
                    self.stalled_since.get_or_insert_with(Instant::now);
                    return Poll::Pending;
                }
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.stalled_since = None;
            self.advance(written);
        }
        self.stalled_since = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_write_once(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let stream = Pin::new(&mut self.stream);
        if self.queue.len() == 1 || !stream.is_write_vectored() {
            return stream.poll_write(context, &self.queue[0]);
        }
        let mut slices = [IoSlice::new(&[]); FRAMES_PER_WRITE];
        let used = self.queue.len().min(FRAMES_PER_WRITE);
        for (slice, frame) in slices.iter_mut().zip(&self.queue) {
            *slice = IoSlice::new(frame);
        }
        stream.poll_write_vectored(context, &slices[..used])
    }

    fn advance(&mut self, mut written: usize) {
        self.queued_bytes -= written;
        while let Some(first) = self.queue.front_mut() {
            if written < first.len() {
                first.advance(written);
                self.is_cut |= written > 0;
                return;
            }
            written -= first.len();
            self.queue.pop_front();
            self.is_cut = false;
        }
        // An idle socket keeps no room for a burst that is over.
        if self.queue.capacity() > FRAMES_PER_WRITE {
            self.queue = VecDeque::new();
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

/// For the library above: what it writes is complete frames, and they wait in the queue like all others.
impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, frame: &[u8]) -> Poll<io::Result<usize>> {
        self.push(Bytes::copy_from_slice(frame));
        Poll::Ready(Ok(frame.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn frames_arrive_whole_and_in_order_through_a_narrow_pipe() {
        let (near, mut far) = tokio::io::duplex(7);
        let mut wire = Wire::new(near);
        let frames: Vec<Bytes> = (0..100_u8).map(|number| Bytes::from(vec![number; 5])).collect();
        for frame in &frames {
            wire.push(frame.clone());
        }
        assert_eq!(wire.queued_bytes(), 500);

        let mut received = vec![0; 500];
        let (drained, read) = tokio::join!(
            poll_fn(|context| wire.poll_drain(context)),
            far.read_exact(&mut received)
        );
        drained.unwrap();
        read.unwrap();

        assert_eq!(received, frames.concat());
        assert_eq!((wire.queued_bytes(), wire.is_empty()), (0, true));
    }

    #[tokio::test]
    async fn what_waits_can_be_dropped_without_cutting_a_frame() {
        let (near, mut far) = tokio::io::duplex(3);
        let mut wire = Wire::new(near);
        wire.push(Bytes::from_static(b"first"));
        wire.push(Bytes::from_static(b"second"));
        poll_fn(|context| {
            assert!(wire.poll_drain(context).is_pending());
            Poll::Ready(())
        })
        .await;
        assert!(wire.stalled_since().is_some());
        wire.drop_waiting();
        wire.push(Bytes::from_static(b"last"));

        let mut received = vec![0; 9];
        let (drained, read) = tokio::join!(
            poll_fn(|context| wire.poll_drain(context)),
            far.read_exact(&mut received)
        );
        drained.unwrap();
        read.unwrap();
        assert_eq!(received, b"firstlast");
    }
}
