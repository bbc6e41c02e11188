//! What this socket asked and waits for, and what each answer means.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use protocol::{ClientId, ConversationId, Entry, ErrorCode, ReadMark};
use tokio::time::Instant;

use crate::sync::Event;
use crate::view::Failure;

/// Sends that may wait for an answer at once. Far below `limits.pending_requests`, and enough to fill a slow line.
const MOST_SENDS: usize = 32;
/// Read marks that may wait for an answer at once.
pub(super) const MOST_READS: usize = 16;
/// An answer that takes longer will not come: the connection is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// No server may keep messages waiting for longer with one word.
const LONGEST_ASKED_PAUSE: Duration = Duration::from_hours(1);
/// A server that makes the same mistake this often with one message will make it again.
const MOST_SERVER_FAULTS: u32 = 5;

/// One question that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// A message, or an act on one.
    Send {
        client_id: ClientId,
        is_act: bool,
    },
    Read {
        conversation: ConversationId,
        mark: ReadMark,
    },
    Token,
    Typing,
    Status,
    Watch,
}

/// A refusal as it came.
pub(super) struct Refused {
    pub(super) code: ErrorCode,
    pub(super) detail: String,
    pub(super) retry_after: Option<Duration>,
}

/// The questions of one socket.
pub(super) struct Requests {
    last_id: u64,
    waiting: HashMap<u64, (Asked, Instant)>,
    sends: HashSet<ClientId>,
    reads: HashSet<ConversationId>,
    server_faults: HashMap<ClientId, u32>,
    send_pause: Pause,
    read_pause: Pause,
}

impl Requests {
    pub(super) fn new() -> Self {
        Self {
            last_id: 0,
            waiting: HashMap::new(),
            sends: HashSet::new(),
            reads: HashSet::new(),
            server_faults: HashMap::new(),
            send_pause: Pause::default(),
            read_pause: Pause::default(),
        }
    }

    /// A fresh id, for a question whose answer is not waited for here.
    pub(super) fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Notes a question; returns its id.
    pub(super) fn ask(&mut self, asked: Asked, now: Instant) -> u64 {
        match &asked {
            Asked::Send { client_id, .. } => drop(self.sends.insert(client_id.clone())),
            Asked::Read { conversation, .. } => drop(self.reads.insert(conversation.clone())),
            Asked::Token | Asked::Typing | Asked::Status | Asked::Watch => {}
        }
        let id = self.id();
        self.waiting.insert(id, (asked, now));
        id
    }

    /// Messages that are on their way.
    pub(super) fn sends(&self) -> &HashSet<ClientId> {
        &self.sends
    }

    /// Whether a read mark of this conversation is on its way.
    pub(super) fn has_read(&self, conversation: &ConversationId) -> bool {
        self.reads.contains(conversation)
    }

    /// How many more messages may be sent now.
    pub(super) fn free_sends(&self, now: Instant) -> usize {
        if self.send_pause.holds(now) {
            0
        } else {
            MOST_SENDS.saturating_sub(self.sends.len())
        }
    }

    /// How many more read marks may be sent now.
    pub(super) fn free_reads(&self, now: Instant) -> usize {
        if self.read_pause.holds(now) {
            0
        } else {
            MOST_READS.saturating_sub(self.reads.len())
        }
    }

    /// When the first answer is overdue, if one is waited for.
    pub(super) fn overdue_at(&self) -> Option<Instant> {
        let first = self.waiting.values().map(|(_, asked_at)| *asked_at).min()?;
        Some(first + ANSWER_TIMEOUT)
    }

    /// Whether an answer is overdue.
    pub(super) fn overdue(&self, now: Instant) -> bool {
        self.overdue_at().is_some_and(|overdue| overdue <= now)
    }

    /// When the next pause ends.
    pub(super) fn pause_ends(&self) -> Option<Instant> {
        [self.send_pause.until, self.read_pause.until]
            .into_iter()
            .flatten()
            .min()
    }

    /// Forgets pauses that are over.
    pub(super) fn end_pauses(&mut self, now: Instant) {
        for pause in [&mut self.send_pause, &mut self.read_pause] {
            pause.until = pause.until.filter(|until| *until > now);
        }
    }

    /// The request was carried out.
    pub(super) fn acknowledged(&mut self, id: u64, entry: Option<Entry>, now: Instant) -> Option<Event> {
        match self.answered(id)? {
            // A message that is stored has an entry: this server makes a mistake.
            asked @ Asked::Send { is_act: false, .. } if entry.is_none() => {
                let detail = "The answer to a message has no entry".to_owned();
                let code = ErrorCode::Internal;
                let retry_after = None;
                self.refused(
                    asked,
                    Refused {
                        code,
                        detail,
                        retry_after,
                    },
                    now,
                )
            }
            Asked::Send { client_id, .. } => {
                self.send_pause.tries = 0;
                self.server_faults.remove(&client_id);
                Some(entry.map_or(Event::Unchanged(client_id), Event::Stored))
            }
            Asked::Read { conversation, mark } => {
                self.read_pause.tries = 0;
                Some(Event::ReadTold { conversation, mark })
            }
            Asked::Token | Asked::Typing | Asked::Status | Asked::Watch => None,
        }
    }

    /// The request was not carried out: for good, or until the server is less busy.
    pub(super) fn refused(&mut self, asked: Asked, refused: Refused, now: Instant) -> Option<Event> {
        let lasting = self.is_lasting(&asked, refused.code);
        if !lasting {
            match asked {
                Asked::Send { .. } => self.send_pause.extend(&refused, now),
                Asked::Read { .. } => self.read_pause.extend(&refused, now),
                Asked::Token | Asked::Typing | Asked::Status | Asked::Watch => {}
            }
            return None;
        }
        match asked {
            Asked::Send { client_id, .. } => {
                let Refused { code, detail, .. } = refused;
                let failure = Failure::Refused {
                    code,
                    detail,
                    retry_after_s: None,
                    tries_left: None,
                };
                Some(Event::SendRefused { client_id, failure })
            }
            Asked::Read { conversation, mark } => Some(Event::ReadTold { conversation, mark }),
            Asked::Token | Asked::Typing | Asked::Status | Asked::Watch => None,
        }
    }

    /// Takes a question off the list; none when it was never asked.
    pub(super) fn answered(&mut self, id: u64) -> Option<Asked> {
        let (asked, _) = self.waiting.remove(&id)?;
        match &asked {
            Asked::Send { client_id, .. } => drop(self.sends.remove(client_id)),
            Asked::Read { conversation, .. } => drop(self.reads.remove(conversation)),
            Asked::Token | Asked::Typing | Asked::Status | Asked::Watch => {}
        }
        Some(asked)
    }

    fn is_lasting(&mut self, asked: &Asked, code: ErrorCode) -> bool {
        use ErrorCode as Code;
        match code {
            // The server is busy, or the session needs something: the message is not at fault.
            Code::RateLimited
            | Code::Unavailable
            | Code::StorageFull
            | Code::OutOfOrder
            | Code::HelloFirst
            | Code::Unauthenticated
            | Code::TokenExpired
            | Code::SessionEnded
            | Code::SessionRevoked
            | Code::Deactivated => false,
            Code::Internal => match asked {
                Asked::Send { client_id, .. } => {
                    let faults = self.server_faults.entry(client_id.clone()).or_default();
                    *faults += 1;
                    *faults >= MOST_SERVER_FAULTS
                }
                _ => true,
            },
            _ => true,
        }
    }
}

/// While the server is busy, nothing of a kind is sent.
#[derive(Debug, Default)]
struct Pause {
    until: Option<Instant>,
    tries: u32,
}

impl Pause {
    /// Whether it is not over yet.
    fn holds(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until > now)
    }

    fn extend(&mut self, refused: &Refused, now: Instant) {
        // Those behind a refused message are refused with it; that says nothing new about the server.
        if refused.code == ErrorCode::OutOfOrder && self.holds(now) {
            return;
        }
        let growing = FIRST_PAUSE.saturating_mul(1 << self.tries.min(8)).min(LONGEST_PAUSE);
        self.tries += 1;
        let until = now + refused.retry_after.unwrap_or(growing).min(LONGEST_ASKED_PAUSE);
        self.until = Some(self.until.map_or(until, |before| before.max(until)));
    }
}

#[cfg(test)]
mod tests;
