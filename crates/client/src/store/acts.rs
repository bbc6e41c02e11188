//! The rows of the outbox that change messages: edits, deletions, reactions and pins of this person.
//!
//! Until the server has answered they lie over what is known of the message; see [`crate::views`].

use protocol::{ClientId, ConversationId, ErrorCode, UnixMs};
use rusqlite::{Connection, OptionalExtension};

use super::entries::{id, touch_replies};
use super::number::{Number, number};
use super::{StoreError, Writing, json, parsed};
use crate::change::Change;
use crate::rest::refused_here;
use crate::view::{Failure, MessageAct};

/// An act as it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitingAct {
    pub(crate) client_id: ClientId,
    pub(crate) conversation: ConversationId,
    /// The seq of the message.
    pub(crate) target: u64,
    pub(crate) act: MessageAct,
    pub(crate) done_at: UnixMs,
}

/// Adds an act at the end of the outbox.
pub(crate) fn add(writing: &mut Writing<'_>, waiting: &WaitingAct) -> Result<(), StoreError> {
    writing.disk.execute(
        "INSERT INTO outbox (client_id, conversation, body, written_at, target, act, epoch)
         VALUES (?1, ?2, '', ?3, ?4, ?5, coalesce((SELECT epoch FROM conversation WHERE id = ?2), ''))",
        (
            waiting.client_id.as_str(),
            waiting.conversation.as_str(),
            waiting.done_at,
            Number(waiting.target),
            json(&waiting.act)?,
        ),
    )?;
    touch(writing, &waiting.conversation, waiting.target)
}

/// What waits to be done to this message, in order.
pub(crate) fn on(disk: &Connection, conversation: &ConversationId, target: u64) -> Result<Vec<WaitingAct>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT client_id, act, written_at FROM outbox WHERE conversation = ?1 AND target = ?2 ORDER BY position",
    )?;
    let waiting = select.query_map((conversation.as_str(), Number(target)), |row| {
        Ok(WaitingAct {
            client_id: id(0, ClientId::parse(&row.get::<_, String>(0)?))?,
            conversation: conversation.clone(),
            target,
            act: parsed(row, 1)?,
            done_at: row.get(2)?,
        })
    })?;
    Ok(waiting.collect::<Result<_, _>>()?)
}

/// Drops an act that the server refused for good; says whether it was one.
pub(super) fn drop_refused(
    writing: &mut Writing<'_>,
    client_id: &ClientId,
    failure: &Failure,
) -> Result<bool, StoreError> {
    let mut delete = writing.disk.prepare_cached(
        "DELETE FROM outbox WHERE client_id = ?1 AND act IS NOT NULL RETURNING conversation, target, act",
    )?;
    let dropped = delete
        .query_row([client_id.as_str()], |row| {
            let conversation = id(0, ConversationId::parse(&row.get::<_, String>(0)?))?;
            Ok((conversation, number(row, 1)?, parsed(row, 2)?))
        })
        .optional()?;
    let Some((conversation, seq, act)) = dropped else {
        return Ok(false);
    };
    touch(writing, &conversation, seq)?;
    writing.act_refused(Change::ActRefused {
        conversation,
        seq,
        act,
        failure: failure.clone(),
    });
    Ok(true)
}

/// Drops acts on messages of another epoch: what has their seq now is another message.
pub(super) fn drop_of_other_epochs(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    epoch: &str,
) -> Result<(), StoreError> {
    let mut select = writing
        .disk
        .prepare_cached("SELECT client_id FROM outbox WHERE conversation = ?1 AND act IS NOT NULL AND epoch <> ?2")?;
    let of_others = select
        .query_map((conversation.as_str(), epoch), |row| {
            id(0, ClientId::parse(&row.get::<_, String>(0)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for client_id in of_others {
        drop_refused(writing, &client_id, &refused_here(ErrorCode::NotFound))?;
    }
    Ok(())
}

/// The message, and those that answer it, look different with or without an act.
pub(super) fn touch(writing: &mut Writing<'_>, conversation: &ConversationId, target: u64) -> Result<(), StoreError> {
    writing.touched(conversation, target);
    touch_replies(writing, conversation, target)
}
