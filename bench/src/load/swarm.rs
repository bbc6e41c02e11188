//! Thousands of sockets on one thread: opened, kept, written to and read from, with one buffer for all.
//!
//! Made for measuring others: it does nothing per message but the read itself and finding out which one it is.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::dialect::{Dialect, Saying};
use super::wire;

/// Sockets that are being opened at the same time: enough to keep a server busy, few enough for its queue.
const OPENING_AT_ONCE: usize = 64;
/// A server that says nothing for this long while something is awaited has stalled.
const STALLED_AFTER: Duration = Duration::from_secs(20);
const BUFFER_BYTES: usize = 256 * 1024;

/// What a socket heard, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    pub(super) socket: usize,
    pub(super) at: Instant,
    pub(super) saying: Saying,
}

/// All sockets of a run.
pub(super) struct Swarm {
    poll: Poll,
    events: Events,
    server: SocketAddr,
    dialect: Box<dyn Dialect>,
    links: Vec<Link>,
    buffer: Vec<u8>,
    ready: usize,
    pings: u64,
}

/// One socket.
struct Link {
    stream: TcpStream,
    stage: Stage,
    /// The beginning of what has not come as a whole yet.
    unread: Vec<u8>,
    /// What the system has not taken yet.
    unsent: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    Upgrading,
    /// Open, with steps to go until it counts as ready.
    Greeting(u32),
    Ready,
}

impl Swarm {
    /// Opens this many sockets and returns when each has everything it begins with.
    pub(super) fn open(server: SocketAddr, dialect: Box<dyn Dialect>, count: usize) -> anyhow::Result<Self> {
        let mut swarm = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            server,
            dialect,
            links: Vec::with_capacity(count),
            buffer: vec![0; BUFFER_BYTES],
            ready: 0,
            pings: 0,
        };
        let mut heard = Vec::new();
        while swarm.ready < count {
            while swarm.links.len() < count && swarm.links.len() - swarm.ready < OPENING_AT_ONCE {
                swarm.begin_one()?;
            }
            swarm.listen(STALLED_AFTER, &mut heard)?;
            heard.clear();
        }
        Ok(swarm)
    }

    /// How many sockets there are.
    pub(super) fn len(&self) -> usize {
        self.links.len()
    }

    /// Pings of the server that were answered.
    pub(super) fn pings(&self) -> u64 {
        self.pings
    }

    /// Sends a message from a socket.
    pub(super) fn send(&mut self, socket: usize, number: u32, body: &str) -> anyhow::Result<()> {
        let text = self.dialect.message(socket, number, body);
        self.links[socket].write(wire::TEXT, text.as_bytes())
    }

    /// Waits until something comes, at most this long, and adds what was heard. An error when a socket ends.
    pub(super) fn listen(&mut self, at_most: Duration, heard: &mut Vec<Heard>) -> anyhow::Result<()> {
        match self.poll.poll(&mut self.events, Some(at_most)) {
            Err(fault) if fault.kind() == ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        ensure!(
            at_most < STALLED_AFTER || !self.events.is_empty(),
            "the server said nothing for {} s",
            STALLED_AFTER.as_secs()
        );
        let Self {
            events,
            links,
            dialect,
            buffer,
            ready,
            pings,
            ..
        } = self;
        for event in &*events {
            let socket = event.token().0;
            let mut ear = Ear {
                socket,
                dialect: &**dialect,
                heard: &mut *heard,
                ready: &mut *ready,
                pings: &mut *pings,
            };
            links[socket]
                .attend(event, buffer, &mut ear)
                .with_context(|| format!("socket {socket}"))?;
        }
        Ok(())
    }

    fn begin_one(&mut self) -> anyhow::Result<()> {
        let socket = self.links.len();
        let mut stream = TcpStream::connect(self.server)?;
        let interest = Interest::READABLE | Interest::WRITABLE;
        self.poll.registry().register(&mut stream, Token(socket), interest)?;
        self.links.push(Link {
            stream,
            stage: Stage::Connecting,
            unread: Vec::new(),
            unsent: Vec::new(),
        });
        Ok(())
    }
}

/// Who listens to a socket.
struct Ear<'a> {
    socket: usize,
    dialect: &'a dyn Dialect,
    heard: &'a mut Vec<Heard>,
    ready: &'a mut usize,
    pings: &'a mut u64,
}

impl Link {
    fn attend(&mut self, event: &Event, buffer: &mut [u8], ear: &mut Ear<'_>) -> anyhow::Result<()> {
        if event.is_writable() {
            if self.stage == Stage::Connecting {
                self.upgrade(ear)?;
            }
            self.flush()?;
        }
        if event.is_readable() {
            self.read(buffer, ear)?;
        }
        Ok(())
    }

    fn upgrade(&mut self, ear: &Ear<'_>) -> anyhow::Result<()> {
        if let Some(fault) = self.stream.take_error()? {
            return Err(fault).context("cannot connect");
        }
        self.stream.set_nodelay(true)?;
        self.stage = Stage::Upgrading;
        self.unsent
            .extend_from_slice(ear.dialect.upgrade(ear.socket).as_bytes());
        Ok(())
    }

    fn greet(&mut self, ear: &Ear<'_>) -> anyhow::Result<()> {
        let greeting = ear.dialect.greeting(ear.socket);
        self.write(wire::TEXT, greeting.as_bytes())
    }

    fn write(&mut self, opcode: u8, payload: &[u8]) -> anyhow::Result<()> {
        wire::put_frame(&mut self.unsent, opcode, payload);
        self.flush()
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(written) => drop(self.unsent.drain(..written)),
                Err(fault) if fault.kind() == ErrorKind::WouldBlock => break,
                Err(fault) if fault.kind() == ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault).context("cannot write"),
            }
        }
        if self.unsent.is_empty() {
            // Thousands of sockets that have said their word keep no memory for it.
            self.unsent = Vec::new();
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], ear: &mut Ear<'_>) -> anyhow::Result<()> {
        loop {
            let held = self.unread.len();
            ensure!(held < buffer.len(), "a frame is larger than {} bytes", buffer.len());
            buffer[..held].copy_from_slice(&self.unread);
            let room = buffer.len() - held;
            let came = match self.stream.read(&mut buffer[held..]) {
                Ok(0) => bail!("the server hung up"),
                Ok(came) => came,
                Err(fault) if fault.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(fault) if fault.kind() == ErrorKind::Interrupted => continue,
                Err(fault) => return Err(fault).context("cannot read"),
            };
            let at = Instant::now();
            let taken = self.take(&buffer[..held + came], at, ear)?;
            self.unread = buffer[taken..held + came].to_vec();
            // A read that did not fill the buffer has emptied the socket: asking again would only cost a call.
            if came < room {
                return Ok(());
            }
        }
    }

    /// Takes everything that is there as a whole; returns how many bytes that was.
    fn take(&mut self, bytes: &[u8], at: Instant, ear: &mut Ear<'_>) -> anyhow::Result<usize> {
        let mut taken = 0;
        if matches!(self.stage, Stage::Connecting | Stage::Upgrading) {
            let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else {
                return Ok(0);
            };
            ensure!(
                bytes.starts_with(b"HTTP/1.1 101"),
                "not upgraded: {}",
                String::from_utf8_lossy(bytes)
            );
            taken = head + 4;
            self.stage = Stage::Greeting(ear.dialect.steps(ear.socket));
            if ear.dialect.client_begins() {
                self.greet(ear)?;
            }
        }
        while let Some(frame) = wire::next_frame(&bytes[taken..])? {
            taken += frame.length;
            match frame.opcode {
                wire::TEXT => self.hear(frame.payload, at, ear)?,
                wire::PING => {
                    *ear.pings += 1;
                    self.write(wire::PONG, frame.payload)?;
                }
                wire::CLOSE => bail!("the server closed: {}", close_reason(frame.payload)),
                _ => {}
            }
        }
        Ok(taken)
    }

    fn hear(&mut self, text: &[u8], at: Instant, ear: &mut Ear<'_>) -> anyhow::Result<()> {
        match ear.dialect.hear(text)? {
            Saying::Other => {}
            Saying::YourTurn => self.greet(ear)?,
            Saying::Ping { answer } => {
                *ear.pings += 1;
                self.write(wire::TEXT, answer.as_bytes())?;
            }
            Saying::Step => match self.stage {
                Stage::Greeting(left @ 2..) => self.stage = Stage::Greeting(left - 1),
                Stage::Greeting(_) => {
                    self.stage = Stage::Ready;
                    *ear.ready += 1;
                }
                _ => {}
            },
            saying => ear.heard.push(Heard {
                socket: ear.socket,
                at,
                saying,
            }),
        }
        Ok(())
    }
}

/// The code and the text of a close frame.
fn close_reason(payload: &[u8]) -> String {
    match payload {
        [high, low, text @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            format!("{code} {}", String::from_utf8_lossy(text))
        }
        _ => "without a code".to_owned(),
    }
}
