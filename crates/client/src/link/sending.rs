//! What goes out on a socket: what waits in the store, a fresh token, and the frames themselves.

use std::time::Duration;

use futures_util::SinkExt;
use protocol::frame::ClientFrame;
use protocol::{ConversationId, ErrorCode, ReadMark};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::Ended;
use super::online::{Online, PROBE_TIMEOUT, lost};
use super::requests::{Asked, MOST_READS, Refused};
use crate::store::conversations;
use crate::store::outbox::{self, Outgoing, What};
use crate::view::MessageAct;

/// A write that takes longer goes nowhere.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);

impl Online<'_> {
    /// Sends messages, acts, read marks and signs that wait and are not on their way.
    pub(super) async fn send_waiting(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        let free = self.requests.free_sends(now);
        if free > 0 {
            let on_their_way = self.requests.sends().clone();
            let next = self
                .link
                .store
                .read(move |disk| outbox::next(disk, &on_their_way, free));
            for outgoing in next.await.map_err(lost)? {
                self.send_one(outgoing).await?;
            }
        }
        if self.requests.free_reads(now) > 0 {
            // Those on their way are among the owed.
            let owed = self
                .link
                .store
                .read(|disk| conversations::owed_reads(disk, 2 * MOST_READS));
            for (conversation, mark) in owed.await.map_err(lost)? {
                self.send_read(conversation, mark).await?;
            }
        }
        self.send_signs().await?;
        self.flush().await
    }

    async fn send_one(&mut self, outgoing: Outgoing) -> Result<(), Ended> {
        let asked = Asked::Send {
            client_id: outgoing.client_id.clone(),
            is_act: matches!(outgoing.what, What::Act { .. }),
        };
        let id = self.requests.ask(asked, Instant::now());
        self.ask(id, &frame_of(id, outgoing)).await
    }

    async fn send_read(&mut self, conversation: ConversationId, mark: ReadMark) -> Result<(), Ended> {
        let now = Instant::now();
        if self.requests.has_read(&conversation) || self.requests.free_reads(now) == 0 {
            return Ok(());
        }
        let asked = Asked::Read {
            conversation: conversation.clone(),
            mark,
        };
        let id = self.requests.ask(asked, now);
        let ReadMark { generation, ordinal } = mark;
        let frame = ClientFrame::Read {
            id,
            conversation,
            generation,
            ordinal,
        };
        self.ask(id, &frame).await
    }

    /// Puts a request on the line; one that the server could not read is refused here.
    async fn ask(&mut self, id: u64, frame: &ClientFrame) -> Result<(), Ended> {
        // A short body of control characters grows sixfold in JSON. Sent, it would end the connection each time.
        if json(frame).len() <= self.limits.frame_bytes as usize {
            return self.feed(frame).await;
        }
        let detail = "The message is too long for one frame".to_owned();
        let event = self.refused(
            id,
            Refused {
                code: ErrorCode::TooLarge,
                detail,
                retry_after: None,
            },
        )?;
        self.apply(event.into_iter().collect()).await
    }

    pub(super) async fn send_token(&mut self) -> Result<(), Ended> {
        let tokens = &self.link.api.tokens;
        let access = if std::mem::take(&mut self.token_refused) {
            tokens.after_refusal(&self.access).await
        } else {
            tokens.access().await
        };
        let access = access.map_err(|failure| self.link.ended_or(failure))?;
        // When the server wants a fresh one sooner than the clock said, the old one is not good enough.
        self.token_at = access.refresh_at.max(Instant::now() + PROBE_TIMEOUT);
        self.access = access.clone();
        self.shown_at = Instant::now();
        let id = self.requests.ask(Asked::Token, self.shown_at);
        self.feed(&ClientFrame::Token {
            id,
            token: access.token().to_owned(),
        })
        .await?;
        self.flush().await
    }

    pub(super) async fn feed(&mut self, frame: &ClientFrame) -> Result<(), Ended> {
        let fed = timeout(WRITE_TIMEOUT, self.socket.feed(Message::text(json(frame)))).await;
        written(fed)
    }

    pub(super) async fn write(&mut self, message: Message) -> Result<(), Ended> {
        let sent = timeout(WRITE_TIMEOUT, self.socket.send(message)).await;
        written(sent)
    }

    pub(super) async fn flush(&mut self) -> Result<(), Ended> {
        let flushed = timeout(WRITE_TIMEOUT, self.socket.flush()).await;
        written(flushed)
    }
}

fn frame_of(id: u64, outgoing: Outgoing) -> ClientFrame {
    let Outgoing {
        conversation,
        client_id,
        what,
    } = outgoing;
    match what {
        What::Message { body, reply_to, after } => ClientFrame::Send {
            id,
            conversation,
            client_id,
            body,
            reply_to,
            after,
        },
        What::Act { target, act } => match act {
            MessageAct::Edit { body } => ClientFrame::Edit {
                id,
                conversation,
                client_id,
                target,
                body,
            },
            MessageAct::Delete => ClientFrame::Delete {
                id,
                conversation,
                client_id,
                target,
            },
            MessageAct::React { emoji, on } => ClientFrame::React {
                id,
                conversation,
                client_id,
                target,
                emoji,
                on,
            },
            MessageAct::Pin { on } => ClientFrame::Pin {
                id,
                conversation,
                client_id,
                target,
                on,
            },
        },
    }
}

fn written<E: std::fmt::Display>(result: Result<Result<(), E>, tokio::time::error::Elapsed>) -> Result<(), Ended> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Ended::Lost(error.to_string())),
        Err(_) => Err(Ended::Lost("writing takes too long".to_owned())),
    }
}

/// Frames are our own types, whose JSON cannot fail.
fn json(frame: &ClientFrame) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}
