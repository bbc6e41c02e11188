//! Which older messages this device does not have, though it may keep them.

use protocol::{ConversationId, UnixMs};
use rusqlite::{Connection, OptionalExtension};

use super::number::number;
use super::{StoreError, entries, outbox, trim};

/// What is not filled up any more is left for what people look at, in percent of the limit.
const FILLED_TO: u64 = 80;

/// The place before which the newest missing messages lie; none when there is nothing to fetch, or something else to do.
///
/// What is held without a hole at the end of a conversation reaches back to some time. The conversation that reaches back
/// least is next, until all reach back to `since`.
pub(crate) fn newest(
    disk: &Connection,
    since: UnixMs,
    bytes: u64,
) -> Result<Option<(ConversationId, u64)>, StoreError> {
    if outbox::unsent(disk)? > 0 || trim::used(disk)? > bytes / 100 * FILLED_TO {
        return Ok(None);
    }
    let mut select = disk.prepare_cached(
        "SELECT held.conversation, held.first
         FROM (SELECT conversation, max(first) AS first FROM stretch GROUP BY conversation) AS held
         JOIN entry ON entry.conversation = held.conversation AND entry.seq = held.first
         WHERE held.first > 1 AND entry.at > ?1 ORDER BY entry.at DESC LIMIT 1",
    )?;
    let place = select.query_row([since], |row| {
        let conversation = entries::id(0, ConversationId::parse(&row.get::<_, String>(0)?))?;
        Ok((conversation, number(row, 1)?))
    });
    Ok(place.optional()?)
}
