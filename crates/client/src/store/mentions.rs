//! Which messages mention the person, so that the unread ones can be counted without reading them.
//!
//! Of a message that is held, its own words say so. Of one that lies in a hole, or below one, the server does, with the
//! conversation: it tells the newest that are not read. What is done to such a message from then on is heard all the
//! same, and taken into account here; only where an edit begins to mention the person is its place not known, and the
//! server is asked.

use protocol::conversation::MOST_MENTIONS;
use protocol::timeline::{MessageEdit, MessageFold};
use protocol::{Conversation, ConversationId, Entry, UserId, mentions};
use rusqlite::{Connection, OptionalExtension};

use super::entries::id;
use super::number::{Number, number};
use super::{StoreError, Writing, entries, folds};

/// The message at `seq`, held or not, may mention the person now, or no longer.
pub(super) fn look(writing: &mut Writing<'_>, conversation: &ConversationId, seq: u64) -> Result<(), StoreError> {
    let Some(reader) = reader(writing.disk, conversation)? else {
        return Ok(());
    };
    let fold = folds::of(writing.disk, conversation, seq)?;
    match entries::at(writing.disk, conversation, seq)? {
        Some(entry) if entry.kind.is_message() => {
            if mentions::mentions(&entry, &fold, &reader.me, reader.since) {
                add(writing, conversation, (seq, entry.ordinal))
            } else {
                remove(writing, conversation, seq)
            }
        }
        Some(_) => Ok(()),
        None if reader.is_gone(&fold) => remove(writing, conversation, seq),
        None => match &fold.edit {
            Some(edit) if edit.seq > reader.told && !is_known(writing.disk, conversation, seq)? => {
                want(writing, conversation, edit.seq)
            }
            _ => Ok(()),
        },
    }
}

/// Whether this message that is held mentions the person.
pub(crate) fn is_meant(disk: &Connection, entry: &Entry, fold: &MessageFold) -> Result<bool, StoreError> {
    let reader = reader(disk, &entry.conversation)?;
    Ok(reader.is_some_and(|reader| mentions::mentions(entry, fold, &reader.me, reader.since)))
}

/// Takes over what the server says of the mentions that are not read, unless it has said something newer.
pub(super) fn told(writing: &mut Writing<'_>, said: &Conversation) -> Result<(), StoreError> {
    let (disk, conversation) = (writing.disk, said.id.as_str());
    let lowest = said.mentions.iter().map(|mention| mention.ordinal).min();
    let untold = lowest.filter(|_| said.mentions.len() >= MOST_MENTIONS);
    let behind = said.read.ordinal.max(untold.map_or(0, |lowest| lowest - 1));
    let is_newer = disk
        .prepare_cached(
            "UPDATE conversation SET told_head = ?2, told_behind = ?3,
             mentions_wanted = iif(mentions_wanted <= ?2 OR ?2 = 0, 0, mentions_wanted)
             WHERE id = ?1 AND told_head <= ?2",
        )?
        .execute((conversation, Number(said.head), Number(behind)))?;
    if is_newer == 0 {
        return Ok(());
    }
    disk.prepare_cached("DELETE FROM mention_told WHERE conversation = ?1")?
        .execute([conversation])?;
    for mention in &said.mentions {
        disk.prepare_cached("INSERT OR REPLACE INTO mention_told (conversation, seq, ordinal) VALUES (?1, ?2, ?3)")?
            .execute((conversation, Number(mention.seq), Number(mention.ordinal)))?;
    }
    disk.prepare_cached("DELETE FROM mention WHERE conversation = ?1 AND seq <= ?2")?
        .execute((conversation, Number(said.member_since)))?;
    believe(writing, &said.id)?;
    writing.row(&said.id);
    Ok(())
}

/// A hole lies before the newest page, which begins at `first`: of what is below it, and of what is in it, only the server
/// knows what it says now.
pub(crate) fn hole_before(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    first: u64,
) -> Result<(), StoreError> {
    believe(writing, conversation)?;
    writing.row(conversation);
    let mut select = writing
        .disk
        .prepare_cached("SELECT told_head FROM conversation WHERE id = ?1")?;
    let told_head = select
        .query_row([conversation.as_str()], |row| number(row, 0))
        .optional()?;
    if told_head.is_some_and(|told| told + 1 < first) {
        want(writing, conversation, first - 1)?;
    }
    Ok(())
}

/// Of messages that are not held, or below a hole, the newest statement of the server counts.
fn believe(writing: &mut Writing<'_>, conversation: &ConversationId) -> Result<(), StoreError> {
    let Some(reader) = reader(writing.disk, conversation)? else {
        return Ok(());
    };
    writing
        .disk
        .prepare_cached(&format!(
            "DELETE FROM mention WHERE conversation = ?1
             AND ordinal > (SELECT told_behind FROM conversation WHERE id = ?1)
             AND NOT EXISTS (SELECT 1 FROM mention_told AS told WHERE told.conversation = ?1 AND told.seq = mention.seq)
             AND NOT EXISTS ({KNOWN} AND entry.seq = mention.seq)"
        ))?
        .execute([conversation.as_str()])?;
    let mut select = writing.disk.prepare_cached(&format!(
        "SELECT seq, ordinal FROM mention_told WHERE conversation = ?1
         AND NOT EXISTS ({KNOWN} AND entry.seq = mention_told.seq)"
    ))?;
    let told = select
        .query_map([conversation.as_str()], |row| Ok((number(row, 0)?, number(row, 1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for (seq, ordinal) in told {
        let fold = folds::of(writing.disk, conversation, seq)?;
        if !reader.is_gone(&fold) {
            add(writing, conversation, (seq, ordinal))?;
        }
    }
    Ok(())
}

/// Entries of whose messages everything is known that became of them; see [`entries::stale`].
const KNOWN: &str = "SELECT 1 FROM entry WHERE entry.conversation = ?1 AND max(entry.seq, entry.known_to) + 1
    >= (SELECT coalesce(max(first), 0) FROM stretch WHERE stretch.conversation = ?1)";

/// The seq that made the person a member; none where they are none.
pub(super) fn since(disk: &Connection, conversation: &ConversationId) -> Result<Option<u64>, StoreError> {
    let mut select = disk.prepare_cached("SELECT member_since FROM conversation WHERE id = ?1")?;
    Ok(select
        .query_row([conversation.as_str()], |row| number(row, 0))
        .optional()?)
}

/// Conversations of which the server is to be asked.
pub(crate) fn wanted(disk: &Connection) -> Result<Vec<ConversationId>, StoreError> {
    let mut select = disk.prepare_cached("SELECT id FROM conversation WHERE mentions_wanted > 0")?;
    let ids = select.query_map((), |row| id(0, ConversationId::parse(&row.get::<_, String>(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The server is to be asked of the mentions in this conversation, as they are after the entry at `seq`.
pub(crate) fn want(writing: &mut Writing<'_>, conversation: &ConversationId, seq: u64) -> Result<(), StoreError> {
    writing
        .disk
        .prepare_cached("UPDATE conversation SET mentions_wanted = max(mentions_wanted, ?2) WHERE id = ?1")?
        .execute((conversation.as_str(), Number(seq)))?;
    writing.owes_words = true;
    Ok(())
}

/// The log of a conversation was forgotten, and what was said of it.
pub(super) fn forget(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    let conversation = conversation.as_str();
    disk.execute("DELETE FROM mention WHERE conversation = ?1", [conversation])?;
    disk.execute("DELETE FROM mention_told WHERE conversation = ?1", [conversation])?;
    disk.execute(
        "UPDATE conversation SET told_head = 0, told_behind = 0 WHERE id = ?1",
        [conversation],
    )?;
    Ok(())
}

/// The server has been asked, and says that there is nothing to be asked of.
pub(crate) fn wanted_no_more(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    disk.prepare_cached("UPDATE conversation SET mentions_wanted = 0 WHERE id = ?1")?
        .execute([conversation.as_str()])?;
    Ok(())
}

/// Who reads a conversation, since which seq as a member, and up to which seq the server has told of mentions.
struct Reader {
    me: UserId,
    since: u64,
    told: u64,
}

impl Reader {
    /// Whether a message of which not everything is known mentions the person no more, by what became of it after the
    /// server's statement.
    fn is_gone(&self, fold: &MessageFold) -> bool {
        let is_edited_away =
            |edit: &MessageEdit| edit.seq > self.told && !mentions::read(&edit.body).meant(&self.me, &edit.here);
        fold.is_deleted() || fold.edit.as_ref().is_some_and(is_edited_away)
    }
}

fn reader(disk: &Connection, conversation: &ConversationId) -> Result<Option<Reader>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT account.user, member_since, told_head FROM account, conversation WHERE conversation.id = ?1",
    )?;
    let reader = select.query_row([conversation.as_str()], |row| {
        Ok(Reader {
            me: id(0, UserId::parse(&row.get::<_, String>(0)?))?,
            since: number(row, 1)?,
            told: number(row, 2)?,
        })
    });
    Ok(reader.optional()?)
}

fn is_known(disk: &Connection, conversation: &ConversationId, seq: u64) -> Result<bool, StoreError> {
    let mut select = disk.prepare_cached("SELECT 1 FROM mention WHERE conversation = ?1 AND seq = ?2")?;
    Ok(select.exists((conversation.as_str(), Number(seq)))?)
}

fn add(writing: &mut Writing<'_>, conversation: &ConversationId, (seq, ordinal): (u64, u64)) -> Result<(), StoreError> {
    let added = writing
        .disk
        .prepare_cached("INSERT OR IGNORE INTO mention (conversation, seq, ordinal) VALUES (?1, ?2, ?3)")?
        .execute((conversation.as_str(), Number(seq), Number(ordinal)))?;
    if added > 0 {
        writing.row(conversation);
    }
    Ok(())
}

fn remove(writing: &mut Writing<'_>, conversation: &ConversationId, seq: u64) -> Result<(), StoreError> {
    let removed = writing
        .disk
        .prepare_cached("DELETE FROM mention WHERE conversation = ?1 AND seq = ?2")?
        .execute((conversation.as_str(), Number(seq)))?;
    if removed > 0 {
        writing.row(conversation);
    }
    Ok(())
}
