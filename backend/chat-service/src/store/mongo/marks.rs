//! How far people have read.

use futures_util::future::join_all;
use mongodb::bson::{Document, doc};
use mongodb::options::ReturnDocument;
use protocol::{ConversationId, Entry, ReadMark, UserId};

use super::documents::MarkDocument;
use super::{MOST_TRIES, MongoStore, key, signed};
use crate::store::StoreError;

impl MongoStore {
    pub(super) async fn mark_of(&self, person: &UserId, id: &ConversationId) -> Result<ReadMark, StoreError> {
        let marks = self.marks().await?;
        let key = key(person.as_str(), id.as_str());
        let held = self.mongo.read(marks.find_one(doc! { "_id": key })).await?;
        Ok(held.map_or(ReadMark::default(), |held| held.mark()))
    }

    /// Keeps the later of the stored mark and this one. Each try changes one document in one way that fits how it is.
    pub(super) async fn raise_mark(
        &self,
        person: &UserId,
        id: &ConversationId,
        mark: ReadMark,
    ) -> Result<ReadMark, StoreError> {
        let key = key(person.as_str(), id.as_str());
        let (generation, ordinal) = (i64::from(mark.generation), signed(mark.ordinal));
        let same = (
            doc! { "_id": &key, "generation": generation },
            doc! { "$max": { "ordinal": ordinal, "furthest": ordinal } },
        );
        let newer = (
            doc! { "_id": &key, "generation": { "$lt": generation } },
            doc! { "$set": { "generation": generation, "ordinal": ordinal }, "$max": { "furthest": ordinal } },
        );
        let older = (
            doc! { "_id": &key, "generation": { "$gt": generation } },
            doc! { "$max": { "furthest": ordinal } },
        );
        for _ in 0..MOST_TRIES {
            for (filter, change) in [&same, &newer, &older] {
                if let Some(held) = self.change_mark(filter.clone(), change.clone()).await? {
                    return Ok(held);
                }
            }
            let first = MarkDocument {
                id: key.clone(),
                person: person.to_string(),
                conversation: id.to_string(),
                generation: mark.generation,
                ordinal: mark.ordinal,
                furthest: mark.ordinal,
            };
            let marks = self.marks().await?;
            match self.mongo.write(marks.insert_one(first)).await {
                Ok(_) => return Ok(mark),
                Err(StoreError::Duplicate) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Whoever writes has read up to there. Only the last message of each author counts.
    ///
    /// The entries are stored already, so a mark that cannot be raised is left out: the author's next one is further.
    pub(super) async fn raise_marks_of_authors(&self, stored: &[Entry]) -> Vec<(UserId, ReadMark)> {
        let mut last: Vec<&Entry> = Vec::new();
        for entry in stored.iter().rev().filter(|entry| entry.kind.is_message()) {
            if last.iter().all(|known| known.author != entry.author) {
                last.push(entry);
            }
        }
        let raising = last.into_iter().map(|entry| async move {
            let raised = self.raise_mark_of_author(entry).await;
            if let Err(fault) = &raised {
                tracing::warn!(%fault, conversation = %entry.conversation, "an author's read mark stays behind");
            }
            Some((entry.author.clone(), raised.ok()?))
        });
        join_all(raising).await.into_iter().flatten().collect()
    }

    async fn raise_mark_of_author(&self, entry: &Entry) -> Result<ReadMark, StoreError> {
        let (person, id, ordinal) = (
            entry.author.as_str(),
            entry.conversation.as_str(),
            signed(entry.ordinal),
        );
        let this = doc! { "_id": key(person, id) };
        let raise = doc! {
            "$set": { "person": person, "conversation": id },
            // Whatever the generation is, or the first one.
            "$max": { "generation": 0_i64, "ordinal": ordinal, "furthest": ordinal },
        };
        let marks = self.marks().await?;
        for _ in 0..MOST_TRIES {
            let raising = marks
                .find_one_and_update(this.clone(), raise.clone())
                .upsert(true)
                .return_document(ReturnDocument::After);
            match self.mongo.write(raising).await {
                Ok(Some(held)) => return Ok(held.mark()),
                // Somebody else has made it at the same moment; servers say so in two ways.
                Ok(None) | Err(StoreError::Duplicate) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn change_mark(&self, filter: Document, change: Document) -> Result<Option<ReadMark>, StoreError> {
        let marks = self.marks().await?;
        let changing = marks
            .find_one_and_update(filter, change)
            .return_document(ReturnDocument::After);
        Ok(self.mongo.write(changing).await?.map(|held| held.mark()))
    }
}
