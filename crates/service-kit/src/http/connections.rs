//! Connections: how many there may be, and how long one of them may keep us waiting.
//!
//! A client that opens a connection and says nothing, or one byte a second, costs a socket and some memory for as
//! long as we let it. So there is a number of connections, and every wait for a client has an end.

mod addresses;

use std::convert::Infallible;
use std::io::{self, Read as _};
use std::net::{Shutdown, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::Sleep;
use tower::ServiceExt as _;

use self::addresses::{Addresses, Place};
use crate::Lifecycle;

/// Bytes that the head of a request may have, and that a connection buffers.
const LONGEST_HEAD: usize = 64 * 1024;
/// Open files that are left to everything but clients: databases, mail servers, logs.
const OTHER_FILES: usize = 64;
/// Whether the system tells of everything that arrives after a read that left room (epoll and kqueue do). Elsewhere only
/// a read that finds nothing asks to be told again.
const TELLS_NEW_ARRIVALS: bool = cfg!(unix);
/// The pause after the system had no connection to give, most likely because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// What clients may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections at the same time, sockets included. More wait to be accepted.
    pub most: usize,
    /// Connections of one address. More are hung up on at once.
    pub most_per_address: usize,
    /// How long a client may take for the head of a request, and how long it may stay without asking for anything.
    pub request_head: Duration,
    /// How long a client may take nothing of what it is sent.
    pub stalled_write: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            most: 10_000,
            most_per_address: 8_000,
            // Longer than the minute that load balancers keep an unused connection: they must be the first to
            // hang up, or a request meets a connection that is just being closed.
            request_head: Duration::from_secs(75),
            stalled_write: Duration::from_mins(1),
        }
    }
}

/// Serves until the lifecycle stops, then finishes the requests that are running.
pub async fn serve_within(
    listener: TcpListener,
    router: Router,
    lifecycle: Lifecycle,
    limits: ConnectionLimits,
) -> anyhow::Result<()> {
    let mut door = Door::new(listener, limits);
    let mut running = JoinSet::new();
    let mut stopping = pin!(lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => break,
            Some(ended) = running.join_next() => note_end(ended),
            (connection, peer) = door.admit() => {
                running.spawn(converse(connection, peer, router.clone(), limits, lifecycle.stopping()));
            }
        }
    }
    drop(door);
    while let Some(ended) = running.join_next().await {
        note_end(ended);
    }
    Ok(())
}

fn note_end(ended: Result<(), JoinError>) {
    if let Err(fault) = ended
        && fault.is_panic()
    {
        tracing::error!(%fault, "a connection ended in a panic");
    }
}

/// Reads requests and writes answers until the client leaves or we stop.
async fn converse(
    connection: Connection,
    peer: SocketAddr,
    router: Router,
    limits: ConnectionLimits,
    stopping: impl Future<Output = ()>,
) {
    let answer = service_fn(move |request: http::Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.oneshot(request).await.map_err(|never: Infallible| never)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request_head)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(connection), answer)
        .with_upgrades();
    let mut served = pin!(served);
    let outcome = tokio::select! {
        outcome = served.as_mut() => outcome,
        () = stopping => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(fault) = outcome {
        tracing::debug!(%fault, "a connection ended early");
    }
}

/// Lets clients in while there are seats.
struct Door {
    listener: TcpListener,
    seats: Arc<Semaphore>,
    addresses: Addresses,
    limits: ConnectionLimits,
    told_full: bool,
}

impl Door {
    fn new(listener: TcpListener, mut limits: ConnectionLimits) -> Self {
        let files = open_files_limit();
        if let Some(possible) = files.map(|files| files.saturating_sub(OTHER_FILES).max(1))
            && possible < limits.most
        {
            let wanted = limits.most;
            tracing::info!(
                wanted,
                possible,
                "fewer connections than wanted: raise the limit of open files (`ulimit -n`)"
            );
            limits.most = possible;
        }
        Self {
            listener,
            seats: Arc::new(Semaphore::new(limits.most.min(Semaphore::MAX_PERMITS))),
            addresses: Addresses::default(),
            limits,
            told_full: false,
        }
    }

    /// The next client. Dropping the wait loses nobody: who was not accepted waits in the system's queue.
    async fn admit(&mut self) -> (Connection, SocketAddr) {
        loop {
            let seat = self.free_seat().await;
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let Some(place) = self.addresses.take(peer.ip(), self.limits.most_per_address) else {
                        // No answer: an address that does this will not read it.
                        tracing::debug!(%peer, "an address has too many connections");
                        continue;
                    };
                    return (Connection::new(stream, (seat, place), self.limits.stalled_write), peer);
                }
                Err(fault) if is_about_one_client(&fault) => {}
                Err(fault) => {
                    tracing::error!(%fault, "cannot accept connections; trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn free_seat(&mut self) -> OwnedSemaphorePermit {
        if let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() {
            self.told_full = false;
            return seat;
        }
        if !self.told_full {
            self.told_full = true;
            tracing::warn!(most = self.limits.most, "every connection is taken; new ones wait");
        }
        let seat = Arc::clone(&self.seats).acquire_owned().await;
        seat.unwrap_or_else(|_closed| unreachable!("the seats are never closed"))
    }
}

/// How many files this process may have open, where the system tells. With one more than that, not only clients are
/// refused: no file can be opened and no mail sent.
fn open_files_limit() -> Option<usize> {
    read_open_files(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

/// `Max open files            1024                 1048576              files`; none when unlimited.
fn read_open_files(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The client hung up before it was accepted.
fn is_about_one_client(fault: &io::Error) -> bool {
    matches!(
        fault.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// A connection that holds its seat, also after it became a socket, and that ends when its client takes nothing.
pub struct Connection {
    /// Shared, because whoever has something for many sockets may write without asking the task that reads this one.
    stream: Arc<TcpStream>,
    stalled_write: Duration,
    /// Runs while there is something to write that the client does not take.
    stalled: Option<Pin<Box<Sleep>>>,
    _seat: (OwnedSemaphorePermit, Place),
}

impl Connection {
    fn new(stream: TcpStream, seat: (OwnedSemaphorePermit, Place), stalled_write: Duration) -> Self {
        // Without TCP_NODELAY a small answer can wait for the acknowledgement of the one before.
        if let Err(fault) = stream.set_nodelay(true) {
            tracing::debug!(%fault, "cannot set TCP_NODELAY");
        }
        Self {
            stream: Arc::new(stream),
            stalled_write,
            stalled: None,
            _seat: seat,
        }
    }

    /// Takes a connection back from the server after its request was upgraded, with what was read beyond the request.
    ///
    /// None when the connection was not one of [`serve_within`].
    pub fn of_upgraded(upgraded: Upgraded) -> Option<(Self, Bytes)> {
        let parts = upgraded.downcast::<TokioIo<Self>>().ok()?;
        Some((parts.io.into_inner(), parts.read_buf))
    }

    /// The connection itself, for writing at moments when nothing else is being written.
    pub fn stream(&self) -> Arc<TcpStream> {
        Arc::clone(&self.stream)
    }

    /// Ends a write that has waited for too long.
    fn within_deadline<T>(&mut self, written: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled_write = self.stalled_write;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(stalled_write)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(context))?;
            let room = buffer.initialize_unfilled();
            let mut got = None;
            let tried = self.stream.try_io(Interest::READABLE, || {
                let read = (&*SockRef::from(&*self.stream)).read(room)?;
                got = Some(read);
                // Less than there was room for: there is no more, and asking again to hear that would cost a call.
                let is_drained = TELLS_NEW_ARRIVALS && (1..room.len()).contains(&read);
                if is_drained {
                    Err(io::ErrorKind::WouldBlock.into())
                } else {
                    Ok(())
                }
            });
            if let Some(read) = got {
                buffer.advance(read);
                return Poll::Ready(Ok(()));
            }
            match tried {
                Err(fault) if fault.kind() != io::ErrorKind::WouldBlock => return Poll::Ready(Err(fault)),
                _ => {}
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = poll_io(&this.stream, context, |stream| stream.try_write(bytes));
        this.within_deadline(written, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = poll_io(&this.stream, context, |stream| stream.try_write_vectored(parts));
        this.within_deadline(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// What was written is with the system already.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match SockRef::from(&*self.stream).shutdown(Shutdown::Write) {
            // The other side was faster.
            Err(fault) if fault.kind() == io::ErrorKind::NotConnected => Poll::Ready(Ok(())),
            ended => Poll::Ready(ended),
        }
    }
}

/// Writes when the connection takes something.
fn poll_io(
    stream: &TcpStream,
    context: &mut Context<'_>,
    mut write: impl FnMut(&TcpStream) -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(context))?;
        match write(stream) {
            Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => {}
            written => return Poll::Ready(written),
        }
    }
}

#[cfg(test)]
mod tests;
