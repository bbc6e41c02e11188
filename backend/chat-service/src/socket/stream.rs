//! Reading and writing the stream of one socket, whichever is possible.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{FutureExt as _, Stream as _};
use service_kit::http::Connection;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as WebSocketFault, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig};

use super::wire::Wire;

/// What a connection keeps for reading. The library's default of 128 KiB would be the largest part of an idle socket;
/// this holds what clients mostly send, and a longer frame takes more only while it is read.
const READ_BUFFER_BYTES: usize = 1024;
/// Above this much unwritten, no more entries are taken from the frame logs.
pub(super) const HIGH_WATER_BYTES: usize = 64 * 1024;
/// Above this much unwritten, nothing more is read: who does not take answers asks no more questions.
const READ_PAUSE_BYTES: usize = 256 * 1024;

pub(super) type Io = WebSocketStream<Wire<Connection>>;

/// What the network brought.
pub(super) enum Arrival {
    Message(Message),
    /// The other side broke the rules of the protocol.
    Fault(String),
    Gone,
    /// There is room to write again.
    Drained,
}

/// The stream on an upgraded connection, from which these bytes were read already; frames have at most so many bytes.
pub(super) fn open(connection: Connection, read: Bytes, frame_bytes: usize) -> Io {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(frame_bytes))
        .max_frame_size(Some(frame_bytes));
    let wire = Wire::new(connection);
    // A copy: what was read lies in the buffer of the HTTP library, which would be kept as long as the socket.
    let begun = read.to_vec();
    drop(read);
    WebSocketStream::from_partially_read(wire, begun, Role::Server, Some(config))
        .now_or_never()
        .expect("without a handshake there is nothing to wait for")
}

/// Writes what waits and reads what came; with `wants_room` also tells when more may be written.
pub(super) fn poll(stream: &mut Io, wants_room: bool, context: &mut Context<'_>) -> Poll<Arrival> {
    if poll_write(stream, context).is_err() {
        return Poll::Ready(Arrival::Gone);
    }
    if wants_room && stream.get_ref().queued_bytes() < HIGH_WATER_BYTES {
        return Poll::Ready(Arrival::Drained);
    }
    if stream.get_ref().queued_bytes() > READ_PAUSE_BYTES {
        return Poll::Pending;
    }
    match Pin::new(&mut *stream).poll_next(context) {
        Poll::Ready(Some(Ok(message))) => return Poll::Ready(Arrival::Message(message)),
        Poll::Ready(Some(Err(fault))) => return Poll::Ready(arrival_of(fault)),
        Poll::Ready(None) => return Poll::Ready(Arrival::Gone),
        Poll::Pending => {}
    }
    // Reading may have put the answer to a ping into the queue.
    if poll_write(stream, context).is_err() {
        return Poll::Ready(Arrival::Gone);
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

fn arrival_of(fault: WebSocketFault) -> Arrival {
    match fault {
        WebSocketFault::Capacity(CapacityError::MessageTooLong { max_size, .. }) => {
            Arrival::Fault(format!("a frame has at most {max_size} bytes"))
        }
        WebSocketFault::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Arrival::Gone,
        WebSocketFault::Protocol(fault) => Arrival::Fault(fault.to_string()),
        WebSocketFault::Utf8(_) => Arrival::Fault("a text frame is UTF-8".to_owned()),
        _ => Arrival::Gone,
    }
}
