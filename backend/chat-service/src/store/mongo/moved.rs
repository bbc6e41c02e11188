//! What another store kept, as documents of this one.

use mongodb::bson::Document;
use protocol::timeline::MessageFold;
use protocol::{ConversationId, Entry};

use super::MongoStore;
use super::documents::{ConversationDocument, MessageFoldDocument};
use super::entries::{EntryDocument, place};
use crate::store::migration::document;
use crate::store::{Record, StoreError};

impl MongoStore {
    /// A conversation that is there, without its members.
    pub(in crate::store) fn record_as_document(record: &Record) -> Result<Document, StoreError> {
        let mut made = ConversationDocument::to_be_made(record, &[])?;
        made.made = true;
        made.making = None;
        document(&made)
    }

    pub(in crate::store) fn entry_as_document(entry: &Entry) -> Result<Document, StoreError> {
        document(&EntryDocument::of(entry)?)
    }

    /// What became of the message at `seq`.
    pub(in crate::store) fn fold_as_document(
        id: &ConversationId,
        seq: u64,
        fold: MessageFold,
    ) -> Result<Document, StoreError> {
        let key = place(id.as_str(), seq);
        document(&MessageFoldDocument::of(id.as_str(), (&key, seq), fold, 1))
    }
}
