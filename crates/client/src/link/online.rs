//! The life of one socket: hello, welcome, then frames in and requests out until something ends it.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{ConversationId, Limits, UnixMs, close};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::dial::Socket;
use super::hearing::{Heard, hear};
use super::hello::hellos;
use super::requests::Requests;
use super::signs::Told;
use super::{Ended, Link};
use crate::session::{Access, is_about_the_token};
use crate::signs::Sign;
use crate::store::{StoreError, conversations};
use crate::sync::Event;

/// From the last `hello` to the `welcome`. A server that is just starting makes many wait.
const WELCOME_TIMEOUT: Duration = Duration::from_secs(30);
/// How soon a server that was asked whether it is still there must answer.
pub(super) const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// Away for longer than this, a device asks anew about the people it knows.
const AWAY_MS: UnixMs = 5 * 60 * 1000;

pub(super) struct Online<'a> {
    pub(super) link: &'a Link,
    pub(super) socket: Socket,
    pub(super) requests: Requests,
    pub(super) limits: Limits,
    /// Conversations that have not reached what the server had at the welcome; none once all have.
    pub(super) behind: Option<HashSet<ConversationId>>,
    /// The token the server was shown last, when, and whether it refused it.
    pub(super) access: Access,
    pub(super) shown_at: Instant,
    pub(super) token_refused: bool,
    /// When to send a fresh token.
    pub(super) token_at: Instant,
    /// When to ask whether the server is still there.
    pub(super) ping_at: Instant,
    /// Without a sign of life the connection is given up then.
    pub(super) dead_at: Instant,
    /// What the server said of its leaving.
    pub(super) goodbye: Option<Duration>,
    /// Signs that came with the frames that are just being taken in.
    pub(super) signs: Vec<Sign>,
    pub(super) told: Told,
}

/// Stays connected until something ends it.
pub(super) async fn stay(link: &Link, socket: Socket, access: Access) -> Ended {
    let now = Instant::now();
    let limits = link.shared.limits();
    let mut online = Online {
        link,
        socket,
        requests: Requests::new(),
        behind: Some(HashSet::new()),
        token_at: access.refresh_at,
        access,
        shown_at: now,
        token_refused: false,
        ping_at: now + interval(&limits),
        dead_at: now + 2 * interval(&limits),
        limits,
        goodbye: None,
        signs: Vec::new(),
        told: Told::nothing(),
    };
    let ended = match online.greet().await {
        Ok(()) => online
            .live()
            .await
            .err()
            .unwrap_or(Ended::AtOnce("the socket was closed")),
        Err(ended) => ended,
    };
    match ended {
        Ended::Doubted => link.judge(&online.access).await,
        ended => ended,
    }
}

pub(super) fn interval(limits: &Limits) -> Duration {
    Duration::from_secs(u64::from(limits.ping_interval_s.max(1)))
}

impl Online<'_> {
    /// Says how far the copy reaches and takes in the welcome.
    async fn greet(&mut self) -> Result<(), Ended> {
        let cursors = self.link.store.read(conversations::cursors).await.map_err(lost)?;
        let mut chunks = hellos(cursors, &self.limits).into_iter().peekable();
        while let Some(cursors) = chunks.next() {
            let more = chunks.peek().is_some();
            let id = self.requests.id();
            self.feed(&ClientFrame::Hello { id, cursors, more }).await?;
        }
        self.flush().await?;
        let deadline = Instant::now() + WELCOME_TIMEOUT;
        loop {
            let next = tokio::time::timeout_at(deadline, self.socket.next());
            let message = next.await.map_err(|_| Ended::Lost("no welcome came".to_owned()))?;
            match self.read(message)?.map(|heard| heard.frame) {
                Some(ServerFrame::Welcome {
                    server_time,
                    token_expires_at,
                    conversations,
                    limits,
                    ..
                }) => {
                    self.welcomed(server_time, token_expires_at, limits);
                    self.behind = Some(
                        conversations
                            .iter()
                            .map(|conversation| conversation.id.clone())
                            .collect(),
                    );
                    let mut events = vec![Event::Welcome(conversations)];
                    if self.was_away() {
                        events.push(Event::PeopleInDoubt);
                    }
                    return self.apply(events).await;
                }
                Some(ServerFrame::Refused { code, .. }) if is_about_the_token(code) => return Err(Ended::Doubted),
                Some(ServerFrame::Refused { code, .. }) => {
                    return Err(Ended::Lost(format!("hello was refused: {code}")));
                }
                Some(ServerFrame::Goodbye { retry_after_ms, .. }) => {
                    self.goodbye = Some(Duration::from_millis(retry_after_ms));
                }
                // Live frames may overtake the welcome on the way out; the resume brings them again.
                _ => {}
            }
        }
    }

    fn welcomed(&mut self, server_time: UnixMs, token_expires_at: UnixMs, limits: Limits) {
        let shared = &self.link.shared;
        shared.server_clock.set(server_time, shared.around.clock.now());
        shared.set_limits(limits.clone());
        // Both times are the server's, so their difference is right whatever this device's clock shows.
        let left = u64::try_from(token_expires_at.saturating_sub(server_time)).unwrap_or(0);
        self.token_at = self.token_at.min(Instant::now() + Duration::from_millis(left / 5 * 4));
        self.limits = limits;
        self.link.wake.workspace.notify_one();
        self.link.wake.words.notify_one();
    }

    /// Whether this device was without a connection for a while, a night in a closed laptop included.
    fn was_away(&self) -> bool {
        let now = self.link.shared.around.clock.now();
        now.saturating_sub(self.link.heard_at.swap(now, Ordering::Relaxed)) >= AWAY_MS
    }

    async fn live(&mut self) -> Result<(), Ended> {
        let link = self.link;
        let mut made_anew = link.store.made_anew();
        let mut ended = link.api.tokens.ended();
        self.send_waiting().await?;
        loop {
            let pause = self.requests.pause_ends();
            let typing_ends = link.signs.typing_ends();
            let watch_at = self.told.paused_until;
            let look_at = self.ping_at.min(self.dead_at);
            let look_at = self
                .requests
                .overdue_at()
                .map_or(look_at, |overdue| overdue.min(look_at));
            tokio::select! {
                message = self.socket.next() => self.hear(message).await?,
                () = link.wake.work.notified() => self.send_waiting().await?,
                () = sleep_until(pause.unwrap_or_else(Instant::now)), if pause.is_some() => {
                    self.requests.end_pauses(Instant::now());
                    self.send_waiting().await?;
                }
                () = sleep_until(typing_ends.unwrap_or_else(Instant::now)), if typing_ends.is_some() => {
                    link.signs.end_typing(Instant::now());
                }
                () = sleep_until(watch_at.unwrap_or_else(Instant::now)), if watch_at.is_some() => {
                    self.send_waiting().await?;
                }
                () = sleep_until(self.token_at) => self.send_token().await?,
                () = sleep_until(look_at) => self.check().await?,
                () = link.wake.reconnect.notified() => self.probe().await?,
                () = link.wake.resume.notified() => return Err(Ended::AtOnce("the copy does not join up")),
                Ok(()) = made_anew.changed() => return Err(Ended::AtOnce("the store was made anew")),
                Ok(()) = ended.changed() => {
                    if let Some(code) = *ended.borrow_and_update() {
                        return Err(Ended::Session(code));
                    }
                }
            }
        }
    }

    /// Gives up a connection that shows no life, or asks for a sign of it.
    async fn check(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        if now >= self.dead_at {
            return Err(Ended::Lost("the server shows no life".to_owned()));
        }
        if self.requests.overdue(now) {
            return Err(Ended::Lost("an answer is overdue".to_owned()));
        }
        self.ping_at = now + interval(&self.limits);
        self.write(Message::Ping(bytes::Bytes::new())).await
    }

    /// The network may be another one: a connection that is still good answers soon.
    async fn probe(&mut self) -> Result<(), Ended> {
        self.dead_at = self.dead_at.min(Instant::now() + PROBE_TIMEOUT);
        self.write(Message::Ping(bytes::Bytes::new())).await
    }

    /// The frame of a message; none when it carries none.
    pub(super) fn read(&self, message: Received) -> Result<Option<Heard>, Ended> {
        match message {
            Some(Ok(Message::Text(text))) => Ok(hear(&text)),
            Some(Ok(Message::Close(reason))) => Err(self.closed(reason)),
            Some(Ok(_)) => Ok(None),
            Some(Err(error)) => Err(self
                .goodbye
                .map_or_else(|| Ended::Lost(error.to_string()), Ended::After)),
            None => Err(self.closed(None)),
        }
    }

    fn closed(&self, reason: Option<CloseFrame>) -> Ended {
        let code = reason.as_ref().map(|reason| u16::from(reason.code));
        match code {
            Some(close::SESSION_ENDED) => Ended::Doubted,
            Some(close::SLOW_READER) => Ended::AtOnce("this side read too slowly"),
            Some(close::TOKEN_EXPIRED) => Ended::AtOnce("the access token has ended"),
            _ => self
                .goodbye
                .map_or_else(|| Ended::Lost(format!("the socket was closed: {code:?}")), Ended::After),
        }
    }
}

pub(super) type Received = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

pub(super) fn lost(error: StoreError) -> Ended {
    tracing::warn!(%error, "the store cannot be used");
    Ended::Lost(error.to_string())
}
