//! What is on its way to the server: messages, and acts on messages, in the order in which the person did them.
//!
//! A row keeps its client id for life (P3). A message goes only in the transaction that knows its entry to be stored; an
//! act goes with the answer to it, because the answer is folded at once.

use std::collections::{BTreeSet, HashMap, HashSet};

use protocol::{ClientId, ConversationId, UnixMs};
use rusqlite::{Connection, Row};

use super::entries::{id, unreadable};
use super::number::{Number, number};
use super::{StoreError, Writing, acts, json, parsed};
use crate::view::{Failure, MessageAct, PendingMessage};
use crate::views::Viewer;

/// Rows looked at in one go; more are found when these are gone.
const MOST_ROWS: u32 = 256;

/// Something to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) conversation: ConversationId,
    pub(crate) client_id: ClientId,
    pub(crate) what: What,
}

/// What a row of the outbox asks the server to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Message {
        body: String,
        reply_to: Option<u64>,
        /// The message before it in the same conversation that is not known to be stored.
        after: Option<ClientId>,
    },
    Act {
        target: u64,
        act: MessageAct,
    },
}

/// Adds a message at the end.
pub(crate) fn add(writing: &mut Writing<'_>, message: &PendingMessage) -> Result<(), StoreError> {
    writing.disk.execute(
        "INSERT INTO outbox (client_id, conversation, body, written_at, reply_to, epoch)
         VALUES (?1, ?2, ?3, ?4, ?5, coalesce((SELECT epoch FROM conversation WHERE id = ?2), ''))",
        (
            &message.client_id,
            message.conversation.as_str(),
            &message.body,
            message.written_at,
            message.reply.as_ref().map(|reply| Number(reply.seq)),
        ),
    )?;
    writing.pending(&message.conversation);
    Ok(())
}

/// Every message that waits in this conversation, in the order it was written.
pub(crate) fn of_conversation(
    disk: &Connection,
    conversation: &ConversationId,
) -> Result<Vec<PendingMessage>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT client_id, conversation, body, written_at, failure, reply_to FROM outbox
         WHERE conversation = ?1 AND act IS NULL ORDER BY position",
    )?;
    let rows = select
        .query_map([conversation.as_str()], |row| {
            let reply_to = row.get::<_, Option<Number>>(5)?;
            Ok((read_pending(row)?, reply_to))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let viewer = Viewer::new(disk)?;
    let mut pending = Vec::new();
    for (mut message, reply_to) in rows {
        message.reply = reply_to.map(|seq| viewer.reply(conversation, seq.0)).transpose()?;
        pending.push(message);
    }
    Ok(pending)
}

/// Messages of this conversation that waiting ones answer.
pub(super) fn answered(disk: &Connection, conversation: &ConversationId) -> Result<BTreeSet<u64>, StoreError> {
    let mut select =
        disk.prepare_cached("SELECT reply_to FROM outbox WHERE conversation = ?1 AND reply_to IS NOT NULL")?;
    let answered = select.query_map([conversation.as_str()], |row| number(row, 0))?;
    Ok(answered.collect::<Result<_, _>>()?)
}

/// How many messages still want to be sent.
pub(crate) fn unsent(disk: &Connection) -> Result<u32, StoreError> {
    let count = "SELECT count(*) FROM outbox WHERE act IS NULL AND failure IS NULL AND stored_seq IS NULL";
    Ok(disk.query_row(count, (), |row| row.get(0))?)
}

/// How many messages would be lost with this store: those that wait, and those that were refused.
pub(crate) fn not_stored(disk: &Connection) -> Result<u32, StoreError> {
    let count = "SELECT count(*) FROM outbox WHERE act IS NULL AND stored_seq IS NULL";
    Ok(disk.query_row(count, (), |row| row.get(0))?)
}

/// What to send next, oldest first, leaving out what is in flight; at most `most`.
///
/// A message that was refused for good does not hold up those behind it: they no longer name it. An act waits until
/// an earlier one on the same message was answered: sent side by side, one that is refused for now would end behind it.
pub(crate) fn next(disk: &Connection, in_flight: &HashSet<ClientId>, most: usize) -> Result<Vec<Outgoing>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT client_id, conversation, body, reply_to, target, act FROM outbox
         WHERE failure IS NULL AND stored_seq IS NULL ORDER BY position LIMIT ?1",
    )?;
    let mut rows = select.query([MOST_ROWS])?;
    let mut before: HashMap<ConversationId, ClientId> = HashMap::new();
    let mut acted = HashSet::new();
    let mut next = Vec::new();
    while next.len() < most
        && let Some(row) = rows.next()?
    {
        let client_id = id(0, ClientId::parse(&row.get::<_, String>(0)?))?;
        let conversation = id(1, ConversationId::parse(&row.get::<_, String>(1)?))?;
        let what = if let Some(target) = row.get::<_, Option<Number>>(4)? {
            if !acted.insert((conversation.clone(), target.0)) {
                continue;
            }
            let act = parsed(row, 5)?;
            What::Act { target: target.0, act }
        } else {
            What::Message {
                body: row.get(2)?,
                reply_to: row.get::<_, Option<Number>>(3)?.map(|seq| seq.0),
                after: before.insert(conversation.clone(), client_id.clone()),
            }
        };
        if !in_flight.contains(&client_id) {
            next.push(Outgoing {
                conversation,
                client_id,
                what,
            });
        }
    }
    Ok(next)
}

/// The server refused it for good: a message is shown as failed, an act is dropped.
pub(crate) fn refused(writing: &mut Writing<'_>, client_id: &ClientId, failure: &Failure) -> Result<(), StoreError> {
    if acts::drop_refused(writing, client_id, failure)? {
        return Ok(());
    }
    let failure = json(failure)?;
    update(
        writing,
        client_id.as_str(),
        "UPDATE outbox SET failure = ?2 WHERE client_id = ?1 RETURNING conversation, target",
        Some(&failure),
    )
}

/// Lets a refused message try again, under its old client id and in its old place.
pub(crate) fn retry(writing: &mut Writing<'_>, client_id: &str) -> Result<(), StoreError> {
    update(
        writing,
        client_id,
        "UPDATE outbox SET failure = ?2 WHERE client_id = ?1 AND act IS NULL RETURNING conversation, target",
        None,
    )
}

/// Gives a message up.
pub(crate) fn discard(writing: &mut Writing<'_>, client_id: &str) -> Result<(), StoreError> {
    update(
        writing,
        client_id,
        "DELETE FROM outbox WHERE client_id = ?1 AND act IS NULL AND ?2 IS NULL RETURNING conversation, target",
        None,
    )
}

/// The server has stored this message at `seq`, and what lies before that has not arrived here yet.
pub(crate) fn stored_at(writing: &Writing<'_>, client_id: &ClientId, seq: u64) -> Result<(), StoreError> {
    writing.disk.execute(
        "UPDATE outbox SET stored_seq = ?2 WHERE client_id = ?1",
        (client_id.as_str(), Number(seq)),
    )?;
    Ok(())
}

/// The entry of this row is held or folded, or there will be none: it waits no more.
pub(crate) fn arrived(writing: &mut Writing<'_>, client_id: &ClientId) -> Result<(), StoreError> {
    update(
        writing,
        client_id.as_str(),
        "DELETE FROM outbox WHERE client_id = ?1 AND ?2 IS NULL RETURNING conversation, target",
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

/// What was written under another epoch names messages by a seq that may be another message's now: such acts are
/// dropped, and such messages answer nothing any more.
pub(crate) fn keep_to_epoch(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    epoch: &str,
) -> Result<(), StoreError> {
    acts::drop_of_other_epochs(writing, conversation, epoch)?;
    let changed = writing
        .disk
        .prepare_cached(
            "UPDATE outbox SET reply_to = NULL
             WHERE conversation = ?1 AND epoch <> ?2 AND act IS NULL AND reply_to IS NOT NULL",
        )?
        .execute((conversation.as_str(), epoch))?;
    if changed > 0 {
        writing.pending(conversation);
    }
    Ok(())
}

fn update(writing: &mut Writing<'_>, client_id: &str, statement: &str, value: Option<&str>) -> Result<(), StoreError> {
    let mut statement = writing.disk.prepare_cached(statement)?;
    let mut rows = statement.query((client_id, value))?;
    let mut touched = Vec::new();
    while let Some(row) = rows.next()? {
        let conversation = id(0, ConversationId::parse(&row.get::<_, String>(0)?))?;
        let target = row.get::<_, Option<Number>>(1)?;
        touched.push((conversation, target));
    }
    for (conversation, target) in touched {
        match target {
            Some(target) => acts::touch(writing, &conversation, target.0)?,
            None => writing.pending(&conversation),
        }
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
        reply: None,
        written_at: row.get::<_, UnixMs>(3)?,
        failure,
    })
}
