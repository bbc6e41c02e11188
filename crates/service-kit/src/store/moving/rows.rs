//! Rows of a file of the embedded database, as documents.

use std::path::Path;

use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, Document};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::BATCH;

/// A file that is only read.
#[derive(Debug)]
pub struct Rows {
    connection: Connection,
}

/// What becomes of a table, or of several.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Where its rows go.
    pub collection: &'static str,
    /// A query whose columns are the documents' fields. The first is `_id`, a text.
    pub rows: &'static str,
    /// Columns that are truth values.
    pub flags: &'static [&'static str],
    /// Columns of words between spaces that become lists.
    pub lists: &'static [&'static str],
    /// Fields beside the columns that hold nothing yet.
    pub empty: &'static [&'static str],
}

impl Rows {
    /// Opens a file whose schema is up to date.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { connection })
    }

    /// The next rows of a table behind this key, in the order of their keys.
    pub(super) fn read(&self, table: &Table, after: &str) -> rusqlite::Result<Vec<Document>> {
        let sql = format!(
            "SELECT * FROM ({}) WHERE _id > ?1 ORDER BY _id LIMIT {BATCH}",
            table.rows
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([after], |row| document(row, table))?;
        rows.collect()
    }
}

fn document(row: &Row<'_>, table: &Table) -> rusqlite::Result<Document> {
    let columns = row.as_ref();
    let mut document = Document::new();
    for number in 0..columns.column_count() {
        let name = columns.column_name(number)?;
        let value = match row.get_ref(number)? {
            ValueRef::Integer(value) if table.flags.contains(&name) => Bson::Boolean(value != 0),
            ValueRef::Text(_) if table.lists.contains(&name) => list(&row.get::<_, String>(number)?),
            ValueRef::Null => Bson::Null,
            ValueRef::Integer(value) => Bson::Int64(value),
            ValueRef::Real(value) => Bson::Double(value),
            ValueRef::Text(_) => Bson::String(row.get(number)?),
            ValueRef::Blob(bytes) => Bson::Binary(Binary {
                subtype: BinarySubtype::Generic,
                bytes: bytes.to_vec(),
            }),
        };
        document.insert(name, value);
    }
    for name in table.empty {
        document.insert(*name, Document::new());
    }
    Ok(document)
}

fn list(words: &str) -> Bson {
    words.split_whitespace().map(str::to_owned).collect()
}
