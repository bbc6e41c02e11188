//! Moving which mails went out from the embedded database to a MongoDB.

use std::path::Path;

use service_kit::store::mongo::Mongo;
use service_kit::store::moving::{Move, MoveError, Rows, Table, patiently};
use service_kit::store::sqlite::file_in;

use super::{INDEXES, SqliteLedger};

const MAILS: Table = Table {
    collection: "mails",
    rows: "SELECT event_id AS _id, state, claim, until, at FROM mails",
    flags: &[],
    lists: &[],
    empty: &[],
};

/// Moves everything that mail-service keeps in this data folder, or what is missing of it, and compares both.
///
/// `source` names the folder; `tell` is told how far it has come.
pub async fn migrate(folder: &Path, to: &Mongo, source: &str, tell: &dyn Fn(String)) -> Result<(), MoveError> {
    let moving = Move::begin(to, source).await?;
    if moving.was_finished() {
        tell("mails were moved by an earlier run".to_owned());
        return Ok(());
    }
    let path = file_in(folder, "mails");
    // The process that was sending has ended, for the folder is ours now.
    SqliteLedger::open(&path)?.end_old_claims().await?;
    patiently(async || to.make_indexes(INDEXES).await).await?;
    let count = moving.table(&Rows::open(&path)?, &MAILS).await?;
    tell(format!("{count} documents in mails"));
    moving.finish().await
}

#[cfg(test)]
mod tests;
