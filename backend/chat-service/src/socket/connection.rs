//! The task of one socket: waits for whatever comes first and lets the right part deal with it.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{Stream as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use protocol::frame::{Cursor, ServerFrame};
use protocol::{Limits, SessionId, UnixMs};
use service_kit::auth::Caller;
use tokio::time::{Instant, Sleep};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as WebSocketFault, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig};

use super::requests::Request;
use super::slots::Slots;
use super::wire::Wire;
use super::{ending, going_away};
use crate::app::App;
use crate::fanout::frame::{PING, encode};
use crate::fanout::signal::{Close, Signal, SlotNumber};

/// The library's default of 128 KiB per connection would be the largest part of an idle socket.
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// Above this much unwritten, no more entries are taken from the frame logs.
pub(super) const HIGH_WATER_BYTES: usize = 64 * 1024;
/// Above this much unwritten, nothing more is read: who does not take answers asks no more questions.
const READ_PAUSE_BYTES: usize = 256 * 1024;
/// A socket that takes nothing for this long reads too slowly.
const LONGEST_STALL: Duration = Duration::from_secs(30);
/// A fresh token is asked for this long before the old one ends.
const TOKEN_WARNING_MS: UnixMs = 60_000;
/// Pings that may be unanswered.
const UNANSWERED_PINGS: u8 = 2;

pub(super) type Io = WebSocketStream<Wire<TokioIo<Upgraded>>>;

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
}

enum Event {
    Received(Message),
    /// The other side broke the rules of the protocol.
    Fault(String),
    Gone,
    /// There is room to write again.
    Drained,
    Done(Done),
    Rung,
    Timer,
}

impl Connection {
    /// Registers the socket, and only then checks whether its session still stands (P7).
    pub(super) fn open(app: App, upgraded: Upgraded, caller: Caller) -> Self {
        let limits = &app.chat.limits;
        let frame_bytes = limits.frame_bytes as usize;
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(frame_bytes))
            .max_frame_size(Some(frame_bytes));
        // Resolves at once: without a handshake to make there is nothing to wait for.
        let wire = Wire::new(TokioIo::new(upgraded));
        let stream = from_raw(wire, config);

        let now = Instant::now();
        let signal = Arc::new(Signal::new(caller.user, caller.session));
        let people_seen = app.chat.sockets.people_news();
        app.chat
            .sockets
            .enter(Arc::clone(&signal), limits.sockets_per_person as usize);
        if app.authority.is_denied(&signal.session) {
            signal.close(Close::SessionEnded);
        }
        if app.chat.lifecycle.is_stopping() {
            signal.close(going_away(&app.chat));
        }
        let greeting = Greeting::awaited(now, limits);
        Self {
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
            expires_at: caller.expires_at,
            has_warned: false,
            unanswered_pings: 0,
            timer: Box::pin(tokio::time::sleep_until(now)),
        }
    }

    /// Serves until either side closes.
    pub(super) async fn run(mut self) {
        let ended = loop {
            if let Err(reason) = self.deliver() {
                break Some(reason);
            }
            self.set_timer();
            let reason = match self.next_event().await {
                Event::Received(message) => self.receive(message),
                Event::Fault(reason) => Err(Close::ProtocolError(reason)),
                Event::Gone => break None,
                Event::Done(done) => self.finish(done),
                Event::Timer => self.on_timer(),
                Event::Drained | Event::Rung => Ok(()),
            };
            if let Err(reason) = reason {
                break Some(reason);
            }
        };
        // Whoever else looks for this person's sockets must not find one that is closing.
        self.leave();
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
    pub(super) fn push_encoded(&mut self, frame: bytes::Bytes) {
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
        let wants_room = self.slots.has_due();
        let Self {
            stream,
            pending,
            signal,
            timer,
            ..
        } = self;
        tokio::select! {
            event = poll_fn(|context| poll_stream(stream, wants_room, context)) => event,
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
                self.push(&frame);
                Ok(())
            }
            Done::Requested(outcome) => {
                self.requested(outcome);
                Ok(())
            }
            Done::Delivered(outcome) => self.delivered(outcome),
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

    fn leave(&mut self) {
        self.slots.clear();
        self.app.chat.sockets.leave(&self.signal);
    }
}

impl Drop for Connection {
    /// Also when the task panicked or was dropped: nobody may wake a socket that is gone.
    fn drop(&mut self) {
        self.leave();
    }
}

fn from_raw(wire: Wire<TokioIo<Upgraded>>, config: WebSocketConfig) -> Io {
    use futures_util::FutureExt as _;
    WebSocketStream::from_raw_socket(wire, Role::Server, Some(config))
        .now_or_never()
        .expect("without a handshake there is nothing to wait for")
}

fn poll_stream(stream: &mut Io, wants_room: bool, context: &mut Context<'_>) -> Poll<Event> {
    if poll_write(stream, context).is_err() {
        return Poll::Ready(Event::Gone);
    }
    if wants_room && stream.get_ref().queued_bytes() < HIGH_WATER_BYTES {
        return Poll::Ready(Event::Drained);
    }
    if stream.get_ref().queued_bytes() > READ_PAUSE_BYTES {
        return Poll::Pending;
    }
    match Pin::new(&mut *stream).poll_next(context) {
        Poll::Ready(Some(Ok(message))) => return Poll::Ready(Event::Received(message)),
        Poll::Ready(Some(Err(fault))) => return Poll::Ready(event_of(fault)),
        Poll::Ready(None) => return Poll::Ready(Event::Gone),
        Poll::Pending => {}
    }
    // Reading may have put the answer to a ping into the queue.
    if poll_write(stream, context).is_err() {
        return Poll::Ready(Event::Gone);
    }
    Poll::Pending
}

fn poll_write(stream: &mut Io, context: &mut Context<'_>) -> std::io::Result<()> {
    let wire = stream.get_mut();
    if wire.is_empty() {
        return Ok(());
    }
    match wire.poll_drain(context) {
        Poll::Ready(written) => written,
        Poll::Pending => Ok(()),
    }
}

fn event_of(fault: WebSocketFault) -> Event {
    match fault {
        WebSocketFault::Capacity(CapacityError::MessageTooLong { max_size, .. }) => {
            Event::Fault(format!("a frame has at most {max_size} bytes"))
        }
        WebSocketFault::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Event::Gone,
        WebSocketFault::Protocol(fault) => Event::Fault(fault.to_string()),
        WebSocketFault::Utf8(_) => Event::Fault("a text frame is UTF-8".to_owned()),
        _ => Event::Gone,
    }
}
