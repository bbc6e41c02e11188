//! Messages at a steady rate: written at the first node on a schedule that waits for nobody, read at the second.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{ClientId, ConversationId, Entry, EntryKind};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Stage;
use super::people::{MEMBERS, ROOMS};
use crate::plain_socket::{Arrival, PlainSocket};

/// In all rooms together.
pub(super) const MESSAGES_PER_S: u32 = 200;
/// Of one room.
const BETWEEN: Duration = Duration::from_millis(1000 * ROOMS as u64 / MESSAGES_PER_S as u64);
/// Every reader waits by then.
const BEGIN_AFTER: Duration = Duration::from_millis(200);
/// How long what was written may take to reach everybody after the last message.
const ARRIVED_WITHIN: Duration = Duration::from_mins(1);

/// What became of the messages.
pub(super) struct Delivered {
    pub(super) written: usize,
    /// At every reader: how long after it was due, and when it came.
    pub(super) arrivals: Vec<(Duration, Instant)>,
}

/// Writes for this long, and reads until every reader has every message, once and in order.
pub(super) async fn run(stage: &Stage, lasting: Duration) -> anyhow::Result<Delivered> {
    let per_room = u32::try_from(lasting.as_millis() / BETWEEN.as_millis())?;
    let mut sockets = Vec::new();
    for room in &stage.people.rooms {
        let writer = PlainSocket::greeted(&stage.scaled.chat_url(0), &room.tokens[0]).await?;
        let mut of_readers = Vec::new();
        for token in &room.tokens[1..] {
            of_readers.push(PlainSocket::greeted(&stage.scaled.chat_url(1), token).await?);
        }
        sockets.push((room.id.clone(), writer, of_readers));
    }
    let start = Instant::now() + BEGIN_AFTER;
    let (mut readers, mut writers) = (JoinSet::new(), JoinSet::new());
    for ((room, writer, of_readers), number) in sockets.into_iter().zip(0_u32..) {
        let first = start + BETWEEN * number / u32::try_from(ROOMS)?;
        for reader in of_readers {
            readers.spawn(read(reader, room.clone(), first, per_room));
        }
        writers.spawn(write(writer, room, first, per_room));
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    let mut arrivals = Vec::new();
    let reading = async {
        while let Some(read) = readers.join_next().await {
            arrivals.extend(read??);
        }
        anyhow::Ok(())
    };
    let in_time = tokio::time::timeout(ARRIVED_WITHIN, reading).await;
    in_time.context("not every message has reached every reader")??;
    let written = ROOMS * per_room as usize;
    ensure!(arrivals.len() == written * (MEMBERS - 1), "some deliveries are missing");
    Ok(Delivered { written, arrivals })
}

/// Sends on schedule, whatever becomes of the messages before; then waits for all acknowledgements.
async fn write(mut socket: PlainSocket, room: ConversationId, first: Instant, count: u32) -> anyhow::Result<()> {
    let run: u64 = rand::random();
    let (mut sent, mut acknowledged) = (0, 0);
    while acknowledged < count {
        let due = first + BETWEEN * sent;
        tokio::select! {
            () = tokio::time::sleep_until(due), if sent < count => {
                socket.send(&ClientFrame::Send {
                    id: u64::from(sent) + 2,
                    conversation: room.clone(),
                    client_id: ClientId::parse(&format!("m_{run:x}_{sent}"))?,
                    body: format!("{sent}"),
                    reply_to: None,
                    after: None,
                }).await?;
                sent += 1;
            }
            arrival = socket.read() => match arrival? {
                Arrival::Frame(frame) => match *frame {
                    ServerFrame::Ack { .. } => acknowledged += 1,
                    ServerFrame::Refused { .. } => bail!("a message was refused: {frame:?}"),
                    _ => {}
                },
                closed @ Arrival::Closed(_) => bail!("the writer's socket: {closed:?}"),
            },
        }
    }
    Ok(())
}

/// Reads until it has all; the socket must stay open, and the log must come without a hole.
async fn read(
    mut socket: PlainSocket,
    room: ConversationId,
    first: Instant,
    count: u32,
) -> anyhow::Result<Vec<(Duration, Instant)>> {
    let mut arrivals = Vec::with_capacity(count as usize);
    let mut seqs: BTreeMap<u64, u32> = BTreeMap::new();
    while arrivals.len() < count as usize {
        let entry = match socket.read().await? {
            Arrival::Frame(frame) => match *frame {
                ServerFrame::Entry { entry, .. } if entry.conversation == room => entry,
                _ => continue,
            },
            closed @ Arrival::Closed(_) => bail!("a reader's socket: {closed:?}"),
        };
        let now = Instant::now();
        if let Some((last, _)) = seqs.last_key_value() {
            ensure!(entry.seq == last + 1, "after {last} came {}", entry.seq);
        }
        let number = number_of(&entry)?;
        seqs.insert(entry.seq, number);
        arrivals.push((now.saturating_duration_since(first + BETWEEN * number), now));
    }
    ensure!(
        seqs.values().copied().eq(0..count),
        "messages came in another order than they were written"
    );
    Ok(arrivals)
}

fn number_of(entry: &Entry) -> anyhow::Result<u32> {
    match &entry.kind {
        EntryKind::Message { body, .. } => Ok(body.parse()?),
        other => bail!("nobody writes {other:?}"),
    }
}
