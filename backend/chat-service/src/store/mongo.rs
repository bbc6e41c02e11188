//! The adapter for MongoDB and what speaks like it.
//!
//! | collection | a document is | found by |
//! |---|---|---|
//! | `conversations` | what never changes, what entries fold into | id; name |
//! | `channel_names` | a name that one channel has claimed | name; channel |
//! | `members` | one person in one conversation, who may have left | both; person; conversation |
//! | `log` | one entry | author and client id; place; what it says |
//! | `message_folds` | what became of one message | conversation and seq; pins |
//! | `read_marks` | how far one person has read in one conversation | both |
//! | `mentions` | a message that named somebody, or everybody in a conversation | whom, conversation and ordinal; whom and time |
//! | `levels` | what one person wants to be told of in one conversation | both |
//! | `people`, `last_seen`, `workspace`, `ended_sessions` | what their names say | id |
//!
//! A key of two parts is one text, `conversation/person`, and a place in the log is `conversation/0000000000007`: ids
//! have no stroke, and numbers of one width stand in the order of their values. One field is what every server looks
//! up, sorts and keeps unique alike.
//!
//! **Nothing here changes two documents at once**, so this is what must stay true between two changes, for a process
//! may die there and another one may come in between:
//!
//! - *Appending* is one ordered insert. Whatever part of it is stored is the first part, and nobody can tell it from a
//!   shorter append. The end of a log is read from the log, so there is no second figure that could be behind it.
//! - *Read marks of authors* come after their entries. Who dies in between leaves a message that its author has
//!   not read yet; their next message or look repairs that. A mark before its entry would hide what others wrote.
//! - *Folding* writes the fields first, each guarded by the seq that wrote it, and raises `folded` last. Who dies in
//!   between leaves an older `folded`, and whoever opens the conversation folds again, which changes nothing twice.
//! - *Mentions* are written before `folded` is raised, from what stands in the log, and never changed: who folds again
//!   finds them there. Whether a message still mentions somebody is seen by who reads it.
//! - *Blanking* what was deleted comes after the deletion is in the fold and before `folded` is raised: it is done again
//!   with the fold.
//! - *Making a conversation* stores its whole intention in one document that nobody can see, then does it, then shows
//!   the conversation, see [`making`]. Whoever meets an intention that was left behind carries it out.
//! - *Reading a conversation* reads its document first, its members then, the end of its log last. Each of them may
//!   be newer than the one before and never older, so that everything up to the end is in the fold or in the log behind `folded`.

mod attention;
mod conversations;
mod documents;
mod ended;
mod entries;
mod folding;
mod lists;
mod live;
mod log;
mod making;
mod marks;
mod messages;
mod moved;
mod people;

use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use serde::Serialize;
use service_kit::Lifecycle;
use service_kit::health::Part;
use service_kit::store::mongo::{Index, Mongo};

use self::documents::{ConversationDocument, MarkDocument, MemberDocument, MessageFoldDocument, NameDocument};
use self::entries::EntryDocument;
use super::StoreError;

/// Look-ups of one request that are under way at the same time.
const LOOKUPS: usize = 16;
/// Tries of a change that somebody else's change comes before; they end sooner, because somebody else has gone on.
const MOST_TRIES: u32 = 50;

/// What the collections are looked up by, beside their ids.
pub(crate) const INDEXES: &[Index] = &[
    unique("log", &["place"]),
    index("log", &["says"]),
    index("conversations", &["name_key"]),
    index("channel_names", &["conversation"]),
    index("members", &["person"]),
    index("members", &["conversation"]),
    index("message_folds", &["pinned_in"]),
    index("ended_sessions", &["noted_at"]),
    index("mentions", &["whom", "moment"]),
];

const fn index(collection: &'static str, keys: &'static [&'static str]) -> Index {
    Index {
        collection,
        keys,
        unique: false,
    }
}

const fn unique(collection: &'static str, keys: &'static [&'static str]) -> Index {
    Index {
        collection,
        keys,
        unique: true,
    }
}

/// chat-service's collections in one database.
#[derive(Clone)]
pub struct MongoStore {
    mongo: Mongo,
}

impl MongoStore {
    /// Connects when it is first needed.
    pub fn new(mongo: Mongo) -> Self {
        Self { mongo }
    }

    /// Makes the indexes as soon as the database can be reached, and tells from now on how it is.
    pub fn watch(&self, part: Part, lifecycle: &Lifecycle) {
        self.mongo.watch(INDEXES, part, lifecycle);
    }

    /// Makes the indexes now.
    pub async fn make_indexes(&self) -> Result<(), StoreError> {
        self.mongo.make_indexes(INDEXES).await
    }

    async fn conversations(&self) -> Result<Collection<ConversationDocument>, StoreError> {
        self.mongo.collection("conversations").await
    }

    async fn names(&self) -> Result<Collection<NameDocument>, StoreError> {
        self.mongo.collection("channel_names").await
    }

    async fn members(&self) -> Result<Collection<MemberDocument>, StoreError> {
        self.mongo.collection("members").await
    }

    async fn log(&self) -> Result<Collection<EntryDocument>, StoreError> {
        self.mongo.collection("log").await
    }

    async fn folds(&self) -> Result<Collection<MessageFoldDocument>, StoreError> {
        self.mongo.collection("message_folds").await
    }

    async fn marks(&self) -> Result<Collection<MarkDocument>, StoreError> {
        self.mongo.collection("read_marks").await
    }

    /// Writes fields of the document `id` unless `guard` holds this number or a higher one; says whether it did.
    async fn write_newer<T: Send + Sync>(
        &self,
        collection: &Collection<T>,
        id: &str,
        (guard, number): (&str, u64),
        mut fields: Document,
    ) -> Result<bool, StoreError> {
        fields.insert(guard, signed(number));
        let older = doc! { "_id": id, guard: { "$lt": signed(number) } };
        let change = doc! { "$set": fields };
        let upsert = collection.update_one(older.clone(), change.clone()).upsert(true);
        match self.mongo.write(upsert).await {
            Ok(_) => Ok(true),
            // It is there and newer, or somebody has just made it: then it may still be older.
            Err(StoreError::Duplicate) => {
                let again = self.mongo.write(collection.update_one(older, change)).await?;
                Ok(again.matched_count > 0)
            }
            Err(fault) => Err(fault),
        }
    }

    /// Stores documents, those that are there already left out.
    async fn insert_missing<T: Serialize + Send + Sync>(
        &self,
        collection: &Collection<T>,
        documents: &[T],
    ) -> Result<(), StoreError> {
        let mut rest = documents;
        while !rest.is_empty() {
            let stored = self.mongo.insert_until_taken(collection, rest).await?;
            rest = rest.get(stored + 1..).unwrap_or_default();
        }
        Ok(())
    }
}

/// The key of what belongs to two things.
fn key(one: &str, other: &str) -> String {
    format!("{one}/{other}")
}

/// Documents by key: one is looked up as such, which is quicker than a list of one.
fn one_of(keys: Vec<String>) -> Bson {
    match <[String; 1]>::try_from(keys) {
        Ok([key]) => Bson::String(key),
        Err(keys) => Bson::Document(doc! { "$in": keys }),
    }
}

/// Numbers are stored with 63 bits; seqs, ordinals and versions stay far below the difference.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What a document holds that no version of this program has written.
fn unreadable(what: &str) -> StoreError {
    StoreError::Broken(format!("a document cannot be read: {what}"))
}

/// An id from a document.
fn id<T: TryFrom<String>>(text: String) -> Result<T, StoreError> {
    T::try_from(text).map_err(|_| unreadable("an id"))
}

/// Ids from a document.
fn ids<T: TryFrom<String>>(texts: &[String]) -> Result<Vec<T>, StoreError> {
    texts.iter().cloned().map(id).collect()
}

#[cfg(test)]
mod tests;
