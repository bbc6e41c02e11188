//! The rows of messages on their way. A row keeps its client id for life (P3) and goes only in the transaction
//! that knows its entry to be stored.

use std::collections::{HashMap, HashSet};

use protocol::{ClientId, ConversationId, UnixMs};
use rusqlite::{Connection, Row};

use super::entries::{id, unreadable};
use super::number::Number;
use super::{StoreError, Writing, json};
use crate::view::{Failure, PendingMessage};

const PENDING: &str = "client_id, conversation, body, written_at, failure";
/// Rows looked at in one go; more are found when these are gone.
const MOST_ROWS: u32 = 256;

/// A message to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) conversation: ConversationId,
    pub(crate) client_id: ClientId,
    pub(crate) body: String,
    /// The one before it in the same conversation that is not known to be stored.
    pub(crate) after: Option<ClientId>,
}

/// Adds a message at the end.
pub(crate) fn add(writing: &mut Writing<'_>, message: &PendingMessage) -> Result<(), StoreError> {
    writing.disk.execute(
        "INSERT INTO outbox (client_id, conversation, body, written_at) VALUES (?1, ?2, ?3, ?4)",
        (
            &message.client_id,
            message.conversation.as_str(),
            &message.body,
            message.written_at,
        ),
    )?;
    writing.pending(&message.conversation);
    Ok(())
}

/// Everything that waits in this conversation, in the order it was written.
pub(crate) fn of_conversation(
    disk: &Connection,
    conversation: &ConversationId,
) -> Result<Vec<PendingMessage>, StoreError> {
    let mut select = disk.prepare_cached(&format!(
        "SELECT {PENDING} FROM outbox WHERE conversation = ?1 ORDER BY position"
    ))?;
    let pending = select
        .query_map([conversation.as_str()], read_pending)?
        .collect::<Result<_, _>>()?;
    Ok(pending)
}

/// How many messages still want to be sent.
pub(crate) fn unsent(disk: &Connection) -> Result<u32, StoreError> {
    let count = "SELECT count(*) FROM outbox WHERE failure IS NULL AND stored_seq IS NULL";
    Ok(disk.query_row(count, (), |row| row.get(0))?)
}

/// The next messages to send, oldest first, leaving out those in flight; at most `most`.
///
/// A message that was refused for good does not hold up those behind it: they no longer name it.
pub(crate) fn next(disk: &Connection, in_flight: &HashSet<ClientId>, most: usize) -> Result<Vec<Outgoing>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT client_id, conversation, body FROM outbox
         WHERE failure IS NULL AND stored_seq IS NULL ORDER BY position LIMIT ?1",
    )?;
    let mut rows = select.query([MOST_ROWS])?;
    let mut before: HashMap<ConversationId, ClientId> = HashMap::new();
    let mut next = Vec::new();
    while next.len() < most
        && let Some(row) = rows.next()?
    {
        let client_id = id(0, ClientId::parse(&row.get::<_, String>(0)?))?;
        let conversation = id(1, ConversationId::parse(&row.get::<_, String>(1)?))?;
        let after = before.insert(conversation.clone(), client_id.clone());
        if !in_flight.contains(&client_id) {
            next.push(Outgoing {
                conversation,
                client_id,
                body: row.get(2)?,
                after,
            });
        }
    }
    Ok(next)
}

/// The server refused this message for good: it is shown as failed.
pub(crate) fn refused(writing: &mut Writing<'_>, client_id: &ClientId, failure: &Failure) -> Result<(), StoreError> {
    let failure = json(failure)?;
    update(
        writing,
        client_id.as_str(),
        "UPDATE outbox SET failure = ?2 WHERE client_id = ?1 RETURNING conversation",
        Some(&failure),
    )
}

/// Lets a refused message try again, under its old client id and in its old place.
pub(crate) fn retry(writing: &mut Writing<'_>, client_id: &str) -> Result<(), StoreError> {
    update(
        writing,
        client_id,
        "UPDATE outbox SET failure = ?2 WHERE client_id = ?1 RETURNING conversation",
        None,
    )
}

/// Gives a message up.
pub(crate) fn discard(writing: &mut Writing<'_>, client_id: &str) -> Result<(), StoreError> {
    update(
        writing,
        client_id,
        "DELETE FROM outbox WHERE client_id = ?1 AND ?2 IS NULL RETURNING conversation",
        None,
    )
}

/// The server has stored it at `seq`, and what lies before that has not arrived here yet.
pub(crate) fn stored_at(writing: &Writing<'_>, client_id: &ClientId, seq: u64) -> Result<(), StoreError> {
    writing.disk.execute(
        "UPDATE outbox SET stored_seq = ?2 WHERE client_id = ?1",
        (client_id.as_str(), Number(seq)),
    )?;
    Ok(())
}

/// The entry of this message is held: it waits no more.
pub(crate) fn arrived(writing: &mut Writing<'_>, client_id: &ClientId) -> Result<(), StoreError> {
    update(
        writing,
        client_id.as_str(),
        "DELETE FROM outbox WHERE client_id = ?1 AND ?2 IS NULL RETURNING conversation",
        None,
    )
}

/// Everything up to `edge` has arrived or is known to lie in a hole: messages stored there wait no more.
pub(crate) fn passed(writing: &mut Writing<'_>, conversation: &ConversationId, edge: u64) -> Result<(), StoreError> {
    let gone = writing
        .disk
        .prepare_cached("DELETE FROM outbox WHERE conversation = ?1 AND stored_seq <= ?2")?
        .execute((conversation.as_str(), Number(edge)))?;
    if gone > 0 {
        writing.pending(conversation);
    }
    Ok(())
}

/// The server's log is another one than before: what it had stored is sent again, which is harmless if it is still there.
pub(crate) fn doubt(writing: &Writing<'_>, conversation: &ConversationId) -> Result<(), StoreError> {
    writing.disk.execute(
        "UPDATE outbox SET stored_seq = NULL WHERE conversation = ?1",
        [conversation.as_str()],
    )?;
    Ok(())
}

fn update(writing: &mut Writing<'_>, client_id: &str, statement: &str, value: Option<&str>) -> Result<(), StoreError> {
    let mut statement = writing.disk.prepare_cached(statement)?;
    let mut rows = statement.query((client_id, value))?;
    let mut touched = Vec::new();
    while let Some(row) = rows.next()? {
        touched.push(id(0, ConversationId::parse(&row.get::<_, String>(0)?))?);
    }
    for conversation in touched {
        writing.pending(&conversation);
    }
    Ok(())
}

fn read_pending(row: &Row<'_>) -> rusqlite::Result<PendingMessage> {
    let failure: Option<String> = row.get(4)?;
    let failure = failure
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| unreadable(4, error))?;
    Ok(PendingMessage {
        client_id: row.get(0)?,
        conversation: id(1, ConversationId::parse(&row.get::<_, String>(1)?))?,
        body: row.get(2)?,
        written_at: row.get::<_, UnixMs>(3)?,
        failure,
    })
}
