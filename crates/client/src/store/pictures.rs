//! Pictures of people, as files: those used last, up to a size in all.

use protocol::{UnixMs, UserId};
use rusqlite::OptionalExtension;

use super::{StoreError, Writing};

/// What all pictures together may take: those of a few hundred people.
const MOST_BYTES: u32 = 32 * 1024 * 1024;

/// A picture that is held. It counts as used now.
pub(crate) fn find(
    writing: &mut Writing<'_>,
    person: &UserId,
    picture: &str,
    now: UnixMs,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut select = writing.disk.prepare_cached(
        "UPDATE picture SET used_at = max(used_at, ?3) WHERE person = ?1 AND picture = ?2 RETURNING image",
    )?;
    Ok(select
        .query_row((person.as_str(), picture, now), |row| row.get(0))
        .optional()?)
}

/// Keeps a picture in place of the one this person had before.
pub(crate) fn put(
    writing: &mut Writing<'_>,
    (person, picture): (&UserId, &str),
    image: &[u8],
    now: UnixMs,
) -> Result<(), StoreError> {
    writing
        .disk
        .execute("DELETE FROM picture WHERE person = ?1", [person.as_str()])?;
    writing.disk.execute(
        "INSERT INTO picture (person, picture, image, used_at) VALUES (?1, ?2, ?3, ?4)",
        (person.as_str(), picture, image, now),
    )?;
    writing.disk.execute(
        "DELETE FROM picture WHERE rowid IN (SELECT id FROM
         (SELECT rowid AS id, sum(length(image)) OVER (ORDER BY used_at DESC, rowid DESC) AS bytes FROM picture)
         WHERE bytes > ?1)",
        [MOST_BYTES],
    )?;
    Ok(())
}
