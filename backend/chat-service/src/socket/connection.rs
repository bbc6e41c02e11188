//! The task of one socket: waits for whatever comes first and lets the right part deal with it.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use protocol::frame::{Cursor, ServerFrame};
use protocol::{Activity, Limits, SessionId, UnixMs};
use service_kit::auth::Caller;
use tokio::time::{Instant, Sleep};
use tokio_tungstenite::tungstenite::protocol::Message;

use super::requests::Request;
use super::slots::Slots;
use super::stream::{Arrival, HIGH_WATER_BYTES, Io};
use super::watching::{self, Watching};
use super::{ending, going_away, stream};
use crate::app::App;
use crate::fanout::frame::{PING, encode};
use crate::fanout::signal::{Close, Signal, SlotNumber};

/// A socket that takes nothing for this long reads too slowly.
const LONGEST_STALL: Duration = Duration::from_secs(30);
/// A fresh token is asked for this long before the old one ends.
const TOKEN_WARNING_MS: UnixMs = 60_000;
/// Pings that may be unanswered.
const UNANSWERED_PINGS: u8 = 2;

/// Where the opening stands.
pub(super) enum Greeting {
    /// Collecting cursors until the last `hello`.
    Awaited {
        cursors: Vec<Cursor>,
        until: Instant,
    },
    /// Memberships are being read.
    Entering {
        cursors: Vec<Cursor>,
    },
    Entered,
}

impl Greeting {
    pub(super) fn awaited(now: Instant, limits: &Limits) -> Self {
        Self::Awaited {
            cursors: Vec::new(),
            until: now + Duration::from_secs(u64::from(limits.hello_timeout_s)),
        }
    }
}

/// One socket.
pub(super) struct Connection {
    pub(super) app: App,
    pub(super) signal: Arc<Signal>,
    pub(super) stream: Io,
    pub(super) greeting: Greeting,
    pub(super) slots: Slots,
    /// Everything the socket waits for at once: answers, and entries from the store.
    pub(super) pending: FuturesUnordered<BoxFuture<'static, Done>>,
    /// Sends that wait for their conversation to be opened, in order.
    pub(super) unsubmitted: VecDeque<Request>,
    pub(super) is_opening: bool,
    /// Requests that are not answered yet.
    pub(super) unanswered: u32,
    /// Slots that wait for a turn to read from the store.
    pub(super) to_load: VecDeque<(SlotNumber, u64)>,
    pub(super) loads: usize,
    /// Up to which news about people the client was told.
    pub(super) people_seen: u64,
    /// How the device is used; none before the hello.
    pub(super) activity: Option<Activity>,
    /// Boxed, because a device without a window watches nothing.
    pub(super) watching: Option<Box<Watching>>,
    pub(super) expires_at: UnixMs,
    pub(super) has_warned: bool,
    unanswered_pings: u8,
    next_ping: Instant,
    timer: Pin<Box<Sleep>>,
}

/// Something the socket waited for.
pub(super) enum Done {
    Answered(ServerFrame),
    Requested(super::requests::Outcome),
    Delivered(super::delivery::Outcome),
    Watched(watching::Outcome),
}

enum Event {
    Arrived(Arrival),
    Done(Done),
    Rung,
    Timer,
}

impl Connection {
    /// Registers the socket, and only then checks whether its session still stands (P7).
    ///
    /// Boxed, because a task is as large as everything that is ever moved through it, several times.
    pub(super) fn open(app: App, line: service_kit::http::Connection, read: Bytes, caller: Caller) -> Box<Self> {
        let limits = &app.chat.limits;
        let now = Instant::now();
        let signal = Arc::new(Signal::new(caller.user, caller.session));
        signal.lead_to(line.stream());
        let stream = stream::open(line, read, limits.frame_bytes as usize);
        let people_seen = app.chat.sockets.people_news();
        app.chat
            .sockets
            .enter(Arc::clone(&signal), limits.sockets_per_person as usize);
        if app.authority.is_denied(&signal.session) {
            signal.close(Close::SessionEnded);
        }
        if app.chat.lifecycle.is_draining() {
            signal.close(going_away(&app.chat));
        }
        app.chat.measures.sockets.inc();
        app.chat.measures.sockets_opened.inc();
        let greeting = Greeting::awaited(now, limits);
        Box::new(Self {
            next_ping: now + Duration::from_secs(u64::from(limits.ping_interval_s)),
            app,
            signal,
            stream,
            greeting,
            slots: Slots::new(),
            pending: FuturesUnordered::new(),
            unsubmitted: VecDeque::new(),
            is_opening: false,
            unanswered: 0,
            to_load: VecDeque::new(),
            loads: 0,
            people_seen,
            activity: None,
            watching: None,
            expires_at: caller.expires_at,
            has_warned: false,
            unanswered_pings: 0,
            timer: Box::pin(tokio::time::sleep_until(now)),
        })
    }

    /// Serves until either side closes.
    pub(super) async fn run(mut self: Box<Self>) {
        let ended = loop {
            if let Err(reason) = self.deliver() {
                break Some(reason);
            }
            self.set_timer();
            let event = self.next_event().await;
            close_lane(&self.signal, &mut self.stream);
            let reason = match event {
                Event::Arrived(Arrival::Message(message)) => self.receive(message),
                Event::Arrived(Arrival::Fault(reason)) => Err(Close::ProtocolError(reason)),
                Event::Arrived(Arrival::Gone) => break None,
                Event::Done(done) => self.finish(done),
                Event::Timer => self.on_timer(),
                Event::Arrived(Arrival::Drained) | Event::Rung => Ok(()),
            };
            if let Err(reason) = reason {
                break Some(reason);
            }
        };
        let reason = ended.as_ref().map_or("left", Close::name);
        self.app.chat.measures.sockets_closed.count(reason);
        // Whoever else looks for this person's sockets must not find one that is closing.
        self.go(ended.as_ref());
        self.leave();
        self.finish_requests();
        // Boxed, because the task of an idle socket is as large as its largest part.
        match ended {
            Some(reason) => Box::pin(ending::close(self.stream.get_mut(), &reason)).await,
            None => Box::pin(ending::finish(self.stream.get_mut())).await,
        }
    }

    /// Puts a frame of the protocol into the queue.
    pub(super) fn push(&mut self, frame: &ServerFrame) {
        self.stream.get_mut().push(encode(frame));
    }

    /// Puts an encoded frame into the queue.
    pub(super) fn push_encoded(&mut self, frame: Bytes) {
        self.stream.get_mut().push(frame);
    }

    /// How much more may wait for the network.
    pub(super) fn room_bytes(&self) -> usize {
        HIGH_WATER_BYTES.saturating_sub(self.stream.get_ref().queued_bytes())
    }

    pub(super) fn session(&self) -> &SessionId {
        &self.signal.session
    }

    async fn next_event(&mut self) -> Event {
        let wants_room = self.slots.has_due() || self.holds_signs();
        let Self {
            stream,
            pending,
            signal,
            timer,
            ..
        } = self;
        tokio::select! {
            arrival = poll_fn(|context| {
                close_lane(signal, stream);
                let arrival = stream::poll(stream, wants_room, context);
                if arrival.is_pending() && stream.get_ref().is_empty() {
                    signal.open_lane();
                }
                arrival
            }) => Event::Arrived(arrival),
            Some(done) = pending.next(), if !pending.is_empty() => Event::Done(done),
            () = signal.rung() => Event::Rung,
            () = timer.as_mut() => Event::Timer,
        }
    }

    fn receive(&mut self, message: Message) -> Result<(), Close> {
        // A whole frame of any kind shows that somebody is there.
        self.unanswered_pings = 0;
        match message {
            Message::Text(text) => self.request(text.as_str()),
            Message::Binary(_) => Err(Close::ProtocolError("binary frames are not spoken here".to_owned())),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => Ok(()),
        }
    }

    fn finish(&mut self, done: Done) -> Result<(), Close> {
        match done {
            Done::Answered(frame) => {
                self.unanswered -= 1;
                // What one has just written is read before it is known to be stored.
                if matches!(self.greeting, Greeting::Entered) {
                    let marks = self.signal.take_read();
                    self.tell_read_marks(marks);
                }
                self.push(&frame);
                Ok(())
            }
            Done::Requested(outcome) => {
                self.requested(outcome);
                Ok(())
            }
            Done::Delivered(outcome) => self.delivered(outcome),
            Done::Watched(outcome) => {
                self.watched(outcome);
                Ok(())
            }
        }
    }

    /// Sets the timer to the next deadline.
    fn set_timer(&mut self) {
        let warn_at = if self.must_warn() {
            self.expires_at - TOKEN_WARNING_MS
        } else {
            self.expires_at
        };
        let until_token_ms = u64::try_from(warn_at - self.app.chat.clock.now()).unwrap_or(0);
        let mut next = self
            .next_ping
            .min(Instant::now() + Duration::from_millis(until_token_ms));
        if let Greeting::Awaited { until, .. } = &self.greeting {
            next = next.min(*until);
        }
        if let Some(since) = self.stream.get_ref().stalled_since() {
            next = next.min(since + LONGEST_STALL);
        }
        if next != self.timer.deadline() {
            self.timer.as_mut().reset(next);
        }
    }

    fn on_timer(&mut self) -> Result<(), Close> {
        let (now, now_ms) = (Instant::now(), self.app.chat.clock.now());
        if matches!(&self.greeting, Greeting::Awaited { until, .. } if *until <= now) {
            return Err(Close::TimedOut);
        }
        if self
            .stream
            .get_ref()
            .stalled_since()
            .is_some_and(|since| since + LONGEST_STALL <= now)
        {
            return Err(Close::SlowReader);
        }
        if self.expires_at <= now_ms {
            return Err(Close::TokenExpired);
        }
        if self.must_warn() && self.expires_at - TOKEN_WARNING_MS <= now_ms {
            self.has_warned = true;
            let expires_at = self.expires_at;
            self.push(&ServerFrame::TokenExpiring { expires_at });
        }
        if self.next_ping <= now {
            if self.unanswered_pings >= UNANSWERED_PINGS {
                return Err(Close::TimedOut);
            }
            self.unanswered_pings += 1;
            self.next_ping = now + Duration::from_secs(u64::from(self.app.chat.limits.ping_interval_s));
            self.push_encoded(PING);
        }
        Ok(())
    }

    /// Whether the client is still to be asked for a fresh token; never before it was welcomed.
    fn must_warn(&self) -> bool {
        !self.has_warned && matches!(self.greeting, Greeting::Entered)
    }

    /// What was asked is carried out to its end, though nobody hears the answer: a read mark that was stored must
    /// still reach the person's other devices.
    fn finish_requests(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            self.app.chat.lifecycle.spawn("last requests of a socket", async move {
                while pending.next().await.is_some() {}
                Ok(())
            });
        }
    }

    fn leave(&mut self) {
        self.go(None);
        self.end_watching();
        self.slots.clear();
        self.signal.end_lane();
        self.app.chat.sockets.leave(&self.signal);
    }
}

/// From here on only this task writes.
fn close_lane(signal: &Signal, stream: &mut Io) {
    if let Some(rest) = signal.close_lane() {
        stream.get_mut().push_rest(rest);
    }
}

impl Drop for Connection {
    /// Also when the task panicked or was dropped: nobody may wake a socket that is gone.
    fn drop(&mut self) {
        self.leave();
        self.app.chat.measures.sockets.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_socket_is_small() {
        fn size_of_task<T>(_: fn(Box<Connection>) -> T) -> usize {
            size_of::<T>()
        }
        let (connection, task) = (size_of::<Connection>(), size_of_task(Connection::run));
        assert!(connection <= 1024 && task <= 512, "{connection} and {task} bytes");
    }
}
