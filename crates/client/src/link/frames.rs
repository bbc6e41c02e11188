//! What comes in on a socket: frames become events of the store, answers, and live signs.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use protocol::frame::ServerFrame;
use protocol::{ErrorCode, PersonPresence, ReadMark};
use tokio::time::Instant;

use super::Ended;
use super::hearing::Heard;
use super::online::{Online, PROBE_TIMEOUT, Received, interval, lost};
use super::requests::{Asked, Refused};
use crate::signs::Sign;
use crate::store::people::Renamed;
use crate::sync::{self, Event, Outcome, Page};
use crate::view::{PresenceView, ReceiptView};

/// Frames that are applied in one transaction.
const MOST_FRAMES: usize = 256;

impl Online<'_> {
    /// Takes in a message and every other one that is already here, in one transaction.
    pub(super) async fn hear(&mut self, first: Received) -> Result<(), Ended> {
        let now = Instant::now();
        self.ping_at = now + interval(&self.limits);
        self.dead_at = now + 2 * interval(&self.limits);
        let shared = &self.link.shared;
        self.link.heard_at.store(shared.around.clock.now(), Ordering::Relaxed);
        let mut events = Vec::new();
        let mut over = self.collect(first, &mut events).err();
        let mut frames = 1;
        while over.is_none()
            && frames < MOST_FRAMES
            && let Some(message) = self.socket.next().now_or_never()
        {
            over = self.collect(message, &mut events).err();
            frames += 1;
        }
        if !events.is_empty() {
            self.apply(events).await?;
        }
        for sign in std::mem::take(&mut self.signs) {
            self.link.signs.heard(sign, now);
        }
        match over {
            Some(ended) => Err(ended),
            None => self.send_waiting().await,
        }
    }

    fn collect(&mut self, message: Received, events: &mut Vec<Event>) -> Result<(), Ended> {
        if let Some(Heard { frame, originals }) = self.read(message)? {
            events.extend(originals.into_iter().map(Event::Original));
            events.extend(self.event(frame)?);
        }
        Ok(())
    }

    /// What a frame changes in the store, after what it says about the connection was taken in.
    fn event(&mut self, frame: ServerFrame) -> Result<Option<Event>, Ended> {
        match frame {
            ServerFrame::Ack { id, entry } => Ok(self.requests.acknowledged(id, entry, Instant::now())),
            ServerFrame::Refused {
                id,
                code,
                detail,
                retry_after_ms,
            } => {
                let retry_after = retry_after_ms.map(Duration::from_millis);
                self.refused(
                    id,
                    Refused {
                        code,
                        detail,
                        retry_after,
                    },
                )
            }
            ServerFrame::TokenExpiring { .. } => {
                self.token_at = Instant::now();
                Ok(None)
            }
            ServerFrame::Goodbye { reason, retry_after_ms } => {
                tracing::info!(reason, retry_after_ms, "the server says goodbye");
                self.goodbye = Some(Duration::from_millis(retry_after_ms));
                Ok(None)
            }
            frame => {
                if let ServerFrame::Entry { entry, .. } = &frame {
                    // Whoever wrote typed before that.
                    self.signs.retain(|sign| !sign.is_typing_of(entry));
                }
                let sign = sign_of(frame, |person| self.link.shared.presence_of(person));
                Ok(sign.map_or_else(event_of, |sign| {
                    self.signs.push(sign);
                    None
                }))
            }
        }
    }

    pub(super) fn refused(&mut self, id: u64, refused: Refused) -> Result<Option<Event>, Ended> {
        match refused.code {
            ErrorCode::SessionEnded | ErrorCode::SessionRevoked => return Err(Ended::Doubted),
            ErrorCode::TokenExpired | ErrorCode::Unauthenticated => {
                self.token_refused = true;
                // A server that takes none is not asked in a circle.
                self.token_at = self.shown_at + PROBE_TIMEOUT;
            }
            _ => {}
        }
        let Some(asked) = self.requests.answered(id) else {
            tracing::warn!(code = %refused.code, "the server refused a frame");
            return Ok(None);
        };
        tracing::info!(code = %refused.code, "the server refused a request");
        if asked == Asked::Watch {
            self.watch_refused(&refused);
        }
        Ok(self.requests.refused(asked, refused, Instant::now()))
    }

    pub(super) async fn apply(&mut self, events: Vec<Event>) -> Result<(), Ended> {
        let me = self.link.me.clone();
        let outcome = self
            .link
            .store
            .write(move |writing| sync::apply(writing, &me, events))
            .await;
        let Outcome {
            resume,
            caught_up,
            wrote,
            introduced,
            meets_strangers,
            owes_words,
        } = outcome.map_err(lost)?;
        for (conversation, person) in &wrote {
            self.link.signs.wrote(conversation, person);
        }
        self.told.is_due |= introduced;
        if meets_strangers {
            self.link.wake.people.notify_one();
        }
        if owes_words {
            self.link.wake.words.notify_one();
        }
        if let Some(reason) = resume {
            return Err(Ended::AtOnce(reason));
        }
        if let Some(behind) = &mut self.behind {
            behind.retain(|conversation| !caught_up.contains(conversation));
            if behind.is_empty() {
                self.behind = None;
                self.link.shared.online();
            }
        }
        Ok(())
    }
}

/// A live sign, or the frame that is none.
#[expect(
    clippy::result_large_err,
    reason = "the frame is handed back, not copied into an error"
)]
fn sign_of(frame: ServerFrame, presence_of: impl Fn(PersonPresence) -> PresenceView) -> Result<Sign, ServerFrame> {
    match frame {
        ServerFrame::Typing { conversation, person } => Ok(Sign::Typing { conversation, person }),
        ServerFrame::Presence { people } => Ok(Sign::Presence(people.into_iter().map(presence_of).collect())),
        ServerFrame::Receipts { conversation, receipts } => Ok(Sign::Receipts {
            conversation,
            receipts: receipts
                .into_iter()
                .map(|receipt| ReceiptView {
                    person: receipt.person,
                    ordinal: receipt.ordinal,
                })
                .collect(),
        }),
        frame => Err(frame),
    }
}

/// What a frame changes in the store.
fn event_of(frame: ServerFrame) -> Option<Event> {
    match frame {
        ServerFrame::Entry { epoch, entry } => Some(Event::Entry { epoch, entry }),
        ServerFrame::Truncated {
            conversation,
            epoch,
            entries,
            messages,
        } => Some(Event::Truncated(Page {
            conversation,
            epoch,
            entries,
            messages,
        })),
        ServerFrame::Conversation { conversation } => Some(Event::Conversation(conversation)),
        ServerFrame::Read {
            conversation,
            generation,
            ordinal,
        } => Some(Event::Read {
            conversation,
            mark: ReadMark { generation, ordinal },
        }),
        ServerFrame::Person {
            id,
            name,
            active,
            version,
        } => Some(Event::Person(Renamed {
            id,
            name,
            active,
            version,
        })),
        // The others say something of the connection, or are live signs.
        _ => None,
    }
}
