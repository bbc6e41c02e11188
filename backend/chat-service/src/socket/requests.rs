//! What a client asks, and the one answer to each request.

use std::sync::Arc;
use std::time::Duration;

use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::{ConversationId, ErrorCode, Mention, ReadMark};
use serde::Deserialize;
use service_kit::auth::TokenError;
use tokio::time::Instant;

use super::connection::{Connection, Done, Greeting};
use super::writing::Writing;
use crate::conversations::of_listed;
use crate::fanout::signal::Close;
use crate::log::{Desk, Proposal};
use crate::mentions;
use crate::messages::entry_of;
use crate::people;
use crate::read_marks;
use crate::refusal::Refusal;
use crate::store::Listed;

/// `hello` frames a client may spread its cursors over.
const MOST_HELLOS: usize = 40;

/// How long reading a person's memberships may take; see the idle times of [`crate::log::desks`].
const LONGEST_ENTERING: Duration = Duration::from_secs(10);

/// A proposal whose texts were checked.
pub(super) struct Request {
    id: u64,
    conversation: ConversationId,
    proposal: Proposal,
}

/// A request that goes on in the connection.
pub(super) enum Outcome {
    /// The conversation of the first unsubmitted proposal.
    Opened(Result<Arc<Desk>, Refusal>),
    /// The person's memberships, each with the mentions that are not read.
    Entered {
        id: u64,
        listed: Result<Vec<(Listed, Vec<Mention>)>, Refusal>,
    },
}

/// As much of a frame as is needed to answer one that cannot be read.
#[derive(Deserialize)]
struct Unreadable {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<u64>,
}

impl Connection {
    /// Deals with one text frame.
    pub(super) fn request(&mut self, text: &str) -> Result<(), Close> {
        let frame = match serde_json::from_str::<ClientFrame>(text) {
            Ok(frame) => frame,
            Err(fault) => return self.unreadable(text, &fault),
        };
        let frame = match Writing::of(frame) {
            Ok(writing) => {
                self.write(writing);
                return Ok(());
            }
            Err(other) => other,
        };
        match frame {
            ClientFrame::Hello { id, cursors, more } => return self.hello(id, cursors, more),
            ClientFrame::Token { id, token } => return self.renew(id, &token),
            ClientFrame::Read {
                id,
                conversation,
                generation,
                ordinal,
            } => {
                if self.may_ask(id) {
                    self.read(id, conversation, ReadMark { generation, ordinal });
                }
            }
            ClientFrame::Typing { id, conversation } => {
                if self.may_ask(id) {
                    self.typing(id, conversation);
                }
            }
            ClientFrame::Status { id, activity } => {
                if self.may_ask(id) {
                    self.status(id, activity);
                }
            }
            ClientFrame::Watch {
                id,
                conversations,
                people,
            } => {
                if self.may_ask(id) {
                    self.watch(id, conversations, people);
                }
            }
            writing => self.refuse(writing.id(), Refusal::unavailable()),
        }
        Ok(())
    }

    /// Whether another request may wait for its answer; otherwise it gets one at once.
    pub(super) fn may_ask(&mut self, id: u64) -> bool {
        let limit = self.app.chat.limits.pending_requests;
        let refusal = if matches!(self.greeting, Greeting::Awaited { .. }) {
            Refusal::new(ErrorCode::HelloFirst, "Send a hello first.")
        } else if self.unanswered >= limit {
            let detail = format!("At most {limit} requests wait for an answer at a time.");
            Refusal::new(ErrorCode::RateLimited, detail).retry_after_ms(1000)
        } else {
            return true;
        };
        self.refuse(id, refusal);
        false
    }

    /// A frame with an id gets its answer; without one there is nothing to answer.
    fn unreadable(&mut self, text: &str, fault: &serde_json::Error) -> Result<(), Close> {
        let Ok(Unreadable { kind, id: Some(id) }) = serde_json::from_str(text) else {
            return Err(Close::ProtocolError(format!("not a frame: {fault}")));
        };
        let refusal = match kind {
            Some(kind) if ClientFrame::TYPES.contains(&kind.as_str()) => {
                Refusal::new(ErrorCode::Malformed, format!("The frame cannot be read: {fault}."))
            }
            Some(_) => {
                let detail = format!("A client sends one of {}.", ClientFrame::TYPES.join(", "));
                Refusal::new(ErrorCode::UnknownType, detail)
            }
            None => Refusal::new(ErrorCode::Malformed, "A frame has a type."),
        };
        self.refuse(id, refusal);
        Ok(())
    }

    pub(super) fn refuse(&mut self, id: u64, refusal: Refusal) {
        self.push(&refused(id, refusal));
    }

    fn hello(&mut self, id: u64, new: Vec<Cursor>, more: bool) -> Result<(), Close> {
        let limit = self.app.chat.limits.cursors_per_hello as usize;
        if new.len() > limit {
            return Err(Close::ProtocolError(format!("a hello has at most {limit} cursors")));
        }
        let Greeting::Awaited { cursors, .. } = &mut self.greeting else {
            self.refuse(id, Refusal::new(ErrorCode::Malformed, "The hello was said already."));
            return Ok(());
        };
        if cursors.len() + new.len() > limit * MOST_HELLOS {
            return Err(Close::ProtocolError("too many cursors".to_owned()));
        }
        cursors.extend(new);
        if more {
            return Ok(());
        }
        let cursors = std::mem::take(cursors);
        self.come();
        self.greeting = Greeting::Entering { cursors };
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.pending.push(Box::pin(async move {
            let entering = async {
                people::note_caller(&chat, &user).await?;
                let listed = chat.store.conversations_of(&user).await?;
                let mentions = mentions::unread_in(&chat, &user, &listed).await?;
                Ok(listed.into_iter().zip(mentions).collect())
            };
            let listed = tokio::time::timeout(LONGEST_ENTERING, entering).await;
            let listed = listed.unwrap_or_else(|_elapsed| Err(Refusal::unavailable()));
            Done::Requested(Outcome::Entered { id, listed })
        }));
        Ok(())
    }

    fn renew(&mut self, id: u64, token: &str) -> Result<(), Close> {
        if let Err(refusal) = read_marks::take_turn(&self.app.chat, &self.signal.user) {
            self.refuse(id, refusal);
            return Ok(());
        }
        let refusal = match self.app.authority.check(token) {
            Ok(caller) if caller.user == self.signal.user && caller.session == *self.session() => {
                self.expires_at = self.expires_at.max(caller.expires_at);
                self.has_warned = false;
                self.push(&ServerFrame::Ack { id, entry: None });
                return Ok(());
            }
            Ok(_) => Refusal::new(ErrorCode::Unauthenticated, "This token is of another session."),
            Err(TokenError::Ended) => return Err(Close::SessionEnded),
            Err(TokenError::Expired) => Refusal::new(ErrorCode::TokenExpired, "This token has expired already."),
            Err(TokenError::Unknown) => Refusal::unavailable(),
            Err(TokenError::Invalid) => Refusal::new(ErrorCode::Unauthenticated, "This token is not valid."),
        };
        self.refuse(id, refusal);
        Ok(())
    }

    /// Puts a proposal behind those that wait to be submitted.
    pub(super) fn queue(&mut self, id: u64, conversation: ConversationId, proposal: Proposal) {
        self.unanswered += 1;
        self.unsubmitted.push_back(Request {
            id,
            conversation,
            proposal,
        });
        self.submit();
    }

    /// Submits what can be submitted, strictly in the order in which it was sent: the order in which a person wrote
    /// is the order in which it is stored.
    fn submit(&mut self) {
        while !self.is_opening
            && let Some(first) = self.unsubmitted.front()
        {
            if let Some(desk) = self.app.chat.desks.opened(&first.conversation) {
                self.submit_first(&desk);
            } else {
                self.is_opening = true;
                let (chat, conversation) = (Arc::clone(&self.app.chat), first.conversation.clone());
                self.pending.push(Box::pin(async move {
                    Done::Requested(Outcome::Opened(chat.open(&conversation).await))
                }));
            }
        }
    }

    fn submit_first(&mut self, desk: &Arc<Desk>) {
        let Some(Request { id, proposal, .. }) = self.unsubmitted.pop_front() else {
            return;
        };
        let submitted = desk.submit(proposal);
        self.pending.push(Box::pin(async move {
            let answer = match submitted {
                Ok(pending) => pending.settled().await,
                Err(refusal) => Err(refusal),
            };
            Done::Answered(match answer.map(entry_of) {
                Ok(entry) => ServerFrame::Ack { id, entry },
                Err(refusal) => refused(id, refusal),
            })
        }));
    }

    fn read(&mut self, id: u64, conversation: ConversationId, mark: ReadMark) {
        self.unanswered += 1;
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.pending.push(Box::pin(async move {
            Done::Answered(match read_marks::mark(&chat, &user, &conversation, mark).await {
                Ok(_) => ServerFrame::Ack { id, entry: None },
                Err(refusal) => refused(id, refusal),
            })
        }));
    }

    /// Goes on with a request after what it waited for.
    pub(super) fn requested(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Opened(opened) => {
                self.is_opening = false;
                match opened {
                    Ok(desk) => self.submit_first(&desk),
                    Err(refusal) => {
                        if let Some(first) = self.unsubmitted.pop_front() {
                            self.unanswered -= 1;
                            self.refuse(first.id, refusal);
                        }
                    }
                }
                self.submit();
            }
            Outcome::Entered { id, listed: Ok(listed) } => self.enter(id, listed),
            Outcome::Entered {
                id,
                listed: Err(refusal),
            } => {
                // The client may say hello again; what it said before is forgotten.
                self.greeting = Greeting::awaited(Instant::now(), &self.app.chat.limits);
                self.refuse(id, refusal);
            }
        }
    }

    /// Watches every conversation of the person, then says welcome; what they missed follows.
    fn enter(&mut self, id: u64, mut listed: Vec<(Listed, Vec<Mention>)>) {
        let Greeting::Entering { cursors } = std::mem::replace(&mut self.greeting, Greeting::Entered) else {
            return;
        };
        // What is probably looked at first comes first.
        listed.sort_by_key(|(conversation, _)| std::cmp::Reverse(conversation.tail.at));
        let (listed, mentions): (Vec<_>, Vec<_>) = listed.into_iter().unzip();
        self.resume(&listed, cursors);
        let chat = &self.app.chat;
        let welcome = ServerFrame::Welcome {
            id,
            user: self.signal.user.clone(),
            session: self.session().clone(),
            server_time: chat.clock.now(),
            token_expires_at: self.expires_at,
            conversations: listed
                .into_iter()
                .zip(mentions)
                .map(|(listed, mentions)| of_listed(listed, mentions))
                .collect(),
            limits: chat.limits.clone(),
        };
        self.push(&welcome);
    }
}

/// The answer to a request that was not carried out. What went wrong inside is logged here, once.
pub(super) fn refused(id: u64, refusal: Refusal) -> ServerFrame {
    if let Some(cause) = &refusal.cause {
        tracing::error!(%cause, code = refusal.code.as_str(), "a request on a socket failed");
    }
    refusal.into_frame(id)
}
