//! Frames on one connection: four bytes of length, then JSON.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// The largest frame, in bytes. The largest honest one is a page of the longest messages, or a picture.
pub const LARGEST_FRAME: usize = 32 * 1024 * 1024;

/// How long a first word may take; who says nothing is not kept waiting for.
const FIRST_WORD: Duration = Duration::from_secs(5);

/// Any connection the door may have.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

type Frames = Framed<Box<dyn Stream>, LengthDelimitedCodec>;

/// Why a connection at the door cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error("the other side is gone")]
    Gone,
    #[error("the other side said nothing")]
    Silent,
    #[error("the door cannot be used: {0}")]
    Broken(#[from] std::io::Error),
    #[error("a frame that is not understood: {0}")]
    Unknown(#[from] serde_json::Error),
}

/// One connection, both directions.
pub struct Line(Frames);

/// The direction away from here.
pub struct Sender(SplitSink<Frames, Bytes>);

/// The direction to here.
pub struct Receiver(SplitStream<Frames>);

impl Line {
    pub(crate) fn over(stream: impl Stream + 'static) -> Self {
        let codec = LengthDelimitedCodec::builder()
            .max_frame_length(LARGEST_FRAME)
            .new_codec();
        Self(Framed::new(Box::new(stream), codec))
    }

    /// Waits for the first frame, which has a deadline.
    pub async fn first<T: DeserializeOwned>(&mut self) -> Result<T, DoorError> {
        let first = tokio::time::timeout(FIRST_WORD, self.0.next());
        read(first.await.map_err(|_| DoorError::Silent)?)
    }

    /// Says one thing.
    pub async fn say<T: Serialize>(&mut self, said: &T) -> Result<(), DoorError> {
        self.0.send(Bytes::from(serde_json::to_vec(said)?)).await?;
        Ok(())
    }

    /// Takes the directions apart, for two tasks.
    pub fn split(self) -> (Sender, Receiver) {
        let (sink, stream) = self.0.split();
        (Sender(sink), Receiver(stream))
    }
}

impl Sender {
    /// Says one thing.
    pub async fn say<T: Serialize>(&mut self, said: &T) -> Result<(), DoorError> {
        self.0.send(Bytes::from(serde_json::to_vec(said)?)).await?;
        Ok(())
    }

    /// Says several things with as few writes as possible.
    pub async fn say_all<T: Serialize>(&mut self, all: &[T]) -> Result<(), DoorError> {
        for said in all {
            self.0.feed(Bytes::from(serde_json::to_vec(said)?)).await?;
        }
        self.0.flush().await?;
        Ok(())
    }
}

impl Receiver {
    /// Waits for the next frame. May be cancelled without losing one.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<T, DoorError> {
        read(self.0.next().await)
    }
}

fn read<T: DeserializeOwned>(frame: Option<std::io::Result<bytes::BytesMut>>) -> Result<T, DoorError> {
    let frame = frame.ok_or(DoorError::Gone)??;
    Ok(serde_json::from_slice(&frame)?)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::message::Hello;

    fn pair() -> (Line, Line) {
        let (one, other) = tokio::io::duplex(1024);
        (Line::over(one), Line::over(other))
    }

    #[tokio::test]
    async fn what_is_said_here_is_heard_there_in_order() {
        let (mut here, mut there) = pair();
        let hidden = Hello::Start {
            link: None,
            hidden: true,
        };
        here.say(&Hello::Window).await.unwrap();
        here.say(&hidden).await.unwrap();

        assert_eq!(there.first::<Hello>().await.unwrap(), Hello::Window);
        assert_eq!(there.first::<Hello>().await.unwrap(), hidden);
        drop(here);
        assert!(matches!(there.first::<Hello>().await, Err(DoorError::Gone)));
    }

    #[tokio::test]
    async fn a_frame_longer_than_the_limit_ends_the_line() {
        let (mut raw, other) = tokio::io::duplex(1024);
        let mut there = Line::over(other);
        let length = u32::try_from(LARGEST_FRAME).unwrap() + 1;
        raw.write_all(&length.to_be_bytes()).await.unwrap();

        assert!(matches!(there.first::<Hello>().await, Err(DoorError::Broken(_))));
    }

    #[tokio::test]
    async fn something_else_than_a_frame_is_no_hello() {
        let (mut raw, other) = tokio::io::duplex(1024);
        let mut there = Line::over(other);
        raw.write_all(b"\0\0\0\x05hello").await.unwrap();

        assert!(matches!(there.first::<Hello>().await, Err(DoorError::Unknown(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_not_waited_for() {
        let (_here, mut there) = pair();

        assert!(matches!(there.first::<Hello>().await, Err(DoorError::Silent)));
    }
}
