//! Moving people, sessions and everything else of this service from the embedded database to a MongoDB.
//!
//! Each row becomes the document that the adapter would have stored. What a document waits to have copied elsewhere
//! does not exist in the embedded database, so nothing waits.

use std::path::Path;

use service_kit::store::mongo::Mongo;
use service_kit::store::moving::{Move, MoveError, Rows, Table, patiently};
use service_kit::store::sqlite::file_in;

use super::{INDEXES, SqliteStore};

const TABLES: [Table; 8] = [
    Table {
        collection: "people",
        rows: "SELECT id AS _id, email, email_key, name, name_key || char(1) || id AS place, title, time_zone, role, active,
                 picture, CASE WHEN picture IS NULL THEN NULL ELSE 'moved ' || id END AS picture_document, version,
                 created_at, announced < version AS to_announce, NOT active AS to_sign_out, 0 AS is_candidate,
                 0 AS unsettled
               FROM people",
        flags: &[],
        lists: &[],
        empty: &["notes"],
    },
    Table {
        collection: "pictures",
        rows: "SELECT 'moved ' || person AS _id, person, version, png FROM pictures JOIN people ON people.id = person",
        flags: &[],
        lists: &[],
        empty: &[],
    },
    Table {
        collection: "sessions",
        rows: "SELECT id AS _id, user, code_request, device_name, device_system, generation,
                 lower(hex(refresh_hash)) AS refresh_hash, created_at, used_at, address, ended_at IS NULL AS is_running,
                 ended_at, ended_why, ended_at IS NOT NULL AND NOT end_announced AS to_announce, 0 AS unsettled
               FROM sessions",
        flags: &[],
        lists: &[],
        empty: &["notes"],
    },
    Table {
        collection: "address_days",
        rows: "SELECT day || ' ' || email_key AS _id, day, codes, tries FROM address_days",
        flags: &[],
        lists: &[],
        empty: &[],
    },
    Table {
        collection: "invitations",
        rows: "SELECT id AS _id, id AS invitation, email, email_key,
                 CASE WHEN accepted_at IS NULL THEN email_key ELSE id END AS open_of,
                 CASE WHEN accepted_at IS NULL THEN 'open' ELSE 'accepted' END AS state, role,
                 lower(hex(code_hash)) AS code_hash, invited_by, invited_at, expires_at, accepted_at, 0 AS unsettled
               FROM invitations",
        flags: &[],
        lists: &[],
        empty: &["notes", "mails"],
    },
    Table {
        collection: "outbox",
        rows: "SELECT id AS _id, sealed, kept_at, expires_at FROM outbox",
        flags: &[],
        lists: &[],
        empty: &[],
    },
    Table {
        collection: "workspace",
        rows: "SELECT 'workspace' AS _id, name, sign_in_domains, channel_creation, version, 0 AS unsettled FROM workspace",
        flags: &[],
        lists: &["sign_in_domains"],
        empty: &["notes"],
    },
    Table {
        collection: "audit",
        rows: "SELECT printf('moved %016d', seq) AS _id, seq, at, actor, action, target, detail, address FROM audit",
        flags: &[],
        lists: &[],
        empty: &[],
    },
];

/// Moves everything that user-service keeps in this data folder, or what is missing of it, and compares both.
///
/// `source` names the folder; `tell` is told how far it has come.
pub async fn migrate(folder: &Path, to: &Mongo, source: &str, tell: &dyn Fn(String)) -> Result<(), MoveError> {
    let moving = Move::begin(to, source).await?;
    if moving.was_finished() {
        tell("people were moved by an earlier run".to_owned());
        return Ok(());
    }
    let path = file_in(folder, "users");
    drop(SqliteStore::open(&path)?);
    patiently(async || to.make_indexes(INDEXES).await).await?;
    let rows = Rows::open(&path)?;
    for table in &TABLES {
        let count = moving.table(&rows, table).await?;
        tell(format!("{count} documents in {}", table.collection));
    }
    moving.finish().await
}

#[cfg(test)]
mod tests;
