//! Closing a socket so that the other side learns why.

use std::future::poll_fn;
use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use protocol::close;
use protocol::frame::ServerFrame;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::wire::Wire;
use crate::fanout::frame::encode;
use crate::fanout::signal::Close;

/// How long the other side may take to read our last words and to close.
const GRACE: Duration = Duration::from_secs(2);
/// The longest reason that fits into a close frame (RFC 6455 §5.5: 125 bytes, two of them the code).
const LONGEST_REASON: usize = 123;

impl Close {
    /// As it is counted.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::GoingAway { .. } => "going_away",
            Self::SlowReader => "slow_reader",
            Self::SessionEnded => "session_ended",
            Self::ProtocolError(_) => "protocol_error",
            Self::TokenExpired => "token_expired",
            Self::TooManySockets => "too_many_sockets",
            Self::TimedOut => "timed_out",
        }
    }

    /// The close code and the reason beside it.
    fn words(&self) -> (u16, &str) {
        match self {
            Self::GoingAway { .. } => (close::GOING_AWAY, "the server stops"),
            Self::SlowReader => (close::SLOW_READER, "reading too slowly; connect again and resume"),
            Self::SessionEnded => (close::SESSION_ENDED, "this session was ended"),
            Self::ProtocolError(reason) => (close::PROTOCOL_ERROR, reason),
            Self::TokenExpired => (close::TOKEN_EXPIRED, "the access token expired"),
            Self::TooManySockets => (close::TOO_MANY_SOCKETS, "too many sockets; the oldest is closed"),
            Self::TimedOut => (close::TIMED_OUT, "no answer"),
        }
    }
}

/// A close frame (RFC 6455 §5.5.1).
fn close_frame(code: u16, reason: &str) -> Bytes {
    let mut end = reason.len().min(LONGEST_REASON);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let mut frame = BytesMut::with_capacity(end + 4);
    frame.put_u8(0x88);
    frame.put_u8(u8::try_from(end + 2).unwrap_or(2));
    frame.put_u16(code);
    frame.extend_from_slice(&reason.as_bytes()[..end]);
    frame.freeze()
}

/// Says why, then waits a little for the other side to have read it.
///
/// Closing at once, with something of theirs unread, would make their system throw our last words away.
pub(super) async fn close<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>, reason: &Close) {
    if *reason == Close::SlowReader {
        wire.drop_waiting();
    }
    if let Close::GoingAway { retry_after_ms } = reason {
        wire.push(encode(&ServerFrame::Goodbye {
            reason: "the server stops".to_owned(),
            retry_after_ms: *retry_after_ms,
        }));
    }
    let (code, words) = reason.words();
    // Without the words: they may quote what the client sent.
    tracing::debug!(code, "closing a socket");
    wire.push(close_frame(code, words));
    finish(wire).await;
}

/// Writes what waits, then reads until the other side closes; both within the grace.
pub(super) async fn finish<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>) {
    let finishing = async {
        poll_fn(|context| wire.poll_drain(context)).await?;
        wire.shutdown().await?;
        let mut thrown_away = [0; 1024];
        while wire.read(&mut thrown_away).await? > 0 {}
        std::io::Result::Ok(())
    };
    match tokio::time::timeout(GRACE, finishing).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(fault)) => tracing::trace!(%fault, "the other side was gone before it was told why"),
    }
}

/// Closes a connection whose client offered no subprotocol of ours.
pub(super) async fn refuse_version(upgraded: Upgraded) {
    let mut wire = Wire::new(TokioIo::new(upgraded));
    wire.push(close_frame(
        close::UNSUPPORTED_VERSION,
        "offer the subprotocol loquat.v1",
    ));
    finish(&mut wire).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::REASONS;

    #[test]
    fn every_reason_is_listed_before_it_is_counted() {
        let all = [
            Close::GoingAway { retry_after_ms: 0 },
            Close::SlowReader,
            Close::SessionEnded,
            Close::ProtocolError(String::new()),
            Close::TokenExpired,
            Close::TooManySockets,
            Close::TimedOut,
        ];
        let names = all.iter().map(Close::name);
        assert!(std::iter::once("left").chain(names).eq(REASONS.iter().copied()));
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let frame = close_frame(4002, &"ä".repeat(100));
        assert_eq!(frame[0], 0x88);
        assert_eq!(usize::from(frame[1]), frame.len() - 2);
        assert_eq!(&frame[2..4], &4002_u16.to_be_bytes());
        assert_eq!(std::str::from_utf8(&frame[4..]).unwrap(), "ä".repeat(61));
    }
}
