//! What the store holds and takes, for [`crate::shelf`] and for support.

use rusqlite::Connection;

use super::StoreError;
use super::number::number;

/// The bytes of the file, and those of the index in it.
pub(crate) fn sizes(disk: &Connection) -> Result<(u64, u64), StoreError> {
    let sizes = disk.query_row(
        "SELECT sum(pgsize), sum(pgsize) FILTER (WHERE name LIKE 'message_index%' OR name LIKE 'searched%') FROM dbstat",
        (),
        |row| Ok((number(row, 0)?, number(row, 1)?)),
    )?;
    Ok(sizes)
}

/// How many conversations, entries and waiting messages there are.
pub(crate) fn counts(disk: &Connection) -> Result<(u64, u64, u64), StoreError> {
    let counts = disk.query_row(
        "SELECT (SELECT count(*) FROM conversation), (SELECT count(*) FROM entry), (SELECT count(*) FROM outbox)",
        (),
        |row| Ok((number(row, 0)?, number(row, 1)?, number(row, 2)?)),
    )?;
    Ok(counts)
}

/// Puts in the place of the index something that takes every row and keeps none.
pub(crate) fn without_index(disk: &Connection) -> Result<(), StoreError> {
    Ok(disk.execute_batch(
        "DROP TABLE message_index;
         DROP TABLE searched;
         CREATE VIEW searched AS SELECT 0 AS id, '' AS conversation, 0 AS seq, '' AS author, '' AS text WHERE 0;
         CREATE TRIGGER searched_nowhere INSTEAD OF INSERT ON searched BEGIN SELECT 1; END;",
    )?)
}
