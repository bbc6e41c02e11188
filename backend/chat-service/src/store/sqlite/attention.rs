//! Mentions and levels in SQLite.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use protocol::{ChosenLevel, ConversationId, Mention, NotificationLevel, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::SqliteStore;
use super::rows::{self, number, signed};
use crate::store::attention::{highest, level_of, level_text};
use crate::store::{AttentionStore, MentionSearch, Moment, StoreError, Whom};

#[async_trait]
impl AttentionStore for SqliteStore {
    async fn named_between(
        &self,
        person: &UserId,
        id: &ConversationId,
        (behind, before): (u64, u64),
        limit: u32,
    ) -> Result<Vec<Mention>, StoreError> {
        let (person, id) = (person.clone(), id.clone());
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(
                "SELECT seq, ordinal FROM mentions WHERE whom = ?1 AND conversation = ?2 AND ordinal > ?3 AND ordinal < ?4
                 ORDER BY ordinal DESC LIMIT ?5",
            )?;
            let mut found = Vec::new();
            for whom in [person.as_str(), id.as_str()] {
                let parameters = (whom, id.as_str(), signed(behind), signed(before), limit);
                let rows = query.query_map(parameters, |row| {
                    Ok(Mention {
                        seq: number(row, 0)?,
                        ordinal: number(row, 1)?,
                    })
                })?;
                found.extend(rows.collect::<Result<Vec<_>, _>>()?);
            }
            Ok(highest(found, limit))
        };
        self.database.read(read).await
    }

    async fn named(&self, search: MentionSearch) -> Result<Vec<Moment>, StoreError> {
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(
                "SELECT at, conversation, seq FROM mentions
                 WHERE whom = ?1 AND (at, conversation, seq) < (?2, ?3, ?4)
                 ORDER BY at DESC, conversation DESC, seq DESC LIMIT ?5",
            )?;
            let before = search.before.as_ref();
            let before = before.map_or((i64::MAX, "", 0), |before| {
                (before.at, before.conversation.as_str(), signed(before.seq))
            });
            let everybody = search.conversations.iter().map(ConversationId::as_str);
            let mut found = Vec::new();
            for whom in std::iter::once(search.person.as_str()).chain(everybody) {
                let parameters = (whom, before.0, before.1, before.2, search.limit);
                let rows = query.query_map(parameters, |row| {
                    Ok(Moment {
                        at: row.get(0)?,
                        conversation: rows::id(row, 1)?,
                        seq: number(row, 2)?,
                    })
                })?;
                found.extend(rows.collect::<Result<Vec<_>, _>>()?);
            }
            Ok(highest(found, search.limit))
        };
        self.database.read(read).await
    }

    async fn level(&self, person: &UserId, id: &ConversationId) -> Result<ChosenLevel, StoreError> {
        let (person, id) = (person.clone(), id.clone());
        let read = move |connection: &Connection| {
            let mut query = connection
                .prepare_cached("SELECT level, version FROM levels WHERE person = ?1 AND conversation = ?2")?;
            let held = query.query_row((person.as_str(), id.as_str()), |row| level(row, 0));
            Ok(held.optional()?.unwrap_or_default())
        };
        self.database.read(read).await
    }

    async fn choose_level(
        &self,
        person: &UserId,
        id: &ConversationId,
        chosen: Option<NotificationLevel>,
    ) -> Result<ChosenLevel, StoreError> {
        let (person, id) = (person.clone(), id.clone());
        let write = move |connection: &Connection| {
            let mut upsert = connection.prepare_cached(
                "INSERT INTO levels (person, conversation, level, version) VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT (person, conversation) DO UPDATE SET level = excluded.level, version = version + 1
                 RETURNING level, version",
            )?;
            let parameters = (person.as_str(), id.as_str(), level_text(chosen));
            Ok(upsert.query_row(parameters, |row| level(row, 0))?)
        };
        self.database.write(write).await
    }
}

/// A level and its version from two columns, which are empty when none was ever chosen.
pub(super) fn level(row: &Row<'_>, column: usize) -> rusqlite::Result<ChosenLevel> {
    let version = row.get::<_, Option<i64>>(column + 1)?.unwrap_or(0);
    Ok(ChosenLevel {
        level: level_of(&row.get::<_, Option<String>>(column)?.unwrap_or_default()),
        version: version.unsigned_abs(),
    })
}

/// Writes down whom messages named. Their places are read from the log.
pub(super) fn save_named(
    connection: &Connection,
    id: &ConversationId,
    named: &BTreeMap<u64, BTreeSet<Whom>>,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO mentions (whom, conversation, ordinal, seq, at)
         SELECT ?3, conversation, ordinal, seq, at FROM log WHERE conversation = ?1 AND seq = ?2 AND kind = 'message'
         ON CONFLICT DO NOTHING",
    )?;
    for (seq, whom) in named {
        for whom in whom {
            let whom = match whom {
                Whom::Person(person) => person.as_str(),
                Whom::Everybody => id.as_str(),
            };
            insert.execute((id.as_str(), signed(*seq), whom))?;
        }
    }
    Ok(())
}
