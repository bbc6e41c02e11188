//! Conversations and claimed names.

use async_trait::async_trait;
use mongodb::bson::doc;
use protocol::timeline::ConversationFold;
use protocol::{ConversationId, Entry, ReadMark, UserId};

use super::documents::NameDocument;
use super::{MOST_TRIES, MongoStore, lists};
use crate::store::{Added, ChannelSearch, ConversationStore, Listed, Record, StoreError, Tail};

#[async_trait]
impl ConversationStore for MongoStore {
    async fn add_conversation(&self, record: Record, opening: Vec<Entry>) -> Result<Added, StoreError> {
        self.make(record, opening).await
    }

    async fn conversation(&self, id: &ConversationId) -> Result<Option<Record>, StoreError> {
        let conversations = self.conversations().await?;
        let seen = doc! { "_id": id.as_str(), "made": true };
        let Some(document) = self.mongo.read(conversations.find_one(seen)).await? else {
            return Ok(None);
        };
        let mut record = document.record()?;
        // In this order, see the module: the document, the members, the end of the log.
        record.fold.members = self.members_of(id).await?.members;
        if let Some(tail) = self.tail(id).await? {
            record.tail = tail;
        }
        Ok(Some(record))
    }

    async fn conversations_of(&self, person: &UserId) -> Result<Vec<Listed>, StoreError> {
        lists::of_person(self, person).await
    }

    async fn channels(&self, search: ChannelSearch) -> Result<Vec<Listed>, StoreError> {
        lists::channels(self, search).await
    }

    async fn claim_name(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError> {
        let names = self.names().await?;
        for _ in 0..MOST_TRIES {
            let claim = NameDocument {
                name_key: name_key.clone(),
                conversation: id.to_string(),
            };
            match self.mongo.write(names.insert_one(claim)).await {
                Err(StoreError::Duplicate) => {}
                outcome => return outcome.map(drop),
            }
            match self.mongo.read(names.find_one(doc! { "_id": &name_key })).await? {
                Some(held) if held.conversation == id.as_str() => return Ok(()),
                Some(_of_another) => return Err(StoreError::Duplicate),
                // It was given up just now.
                None => {}
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn release_names_but(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError> {
        let names = self.names().await?;
        let claimed = names.find(doc! { "conversation": id.as_str() });
        for held in self.mongo.all(claimed).await? {
            if held.name_key != name_key {
                let given_up = doc! { "_id": &held.name_key, "conversation": id.as_str() };
                self.mongo.write(names.delete_one(given_up)).await?;
            }
        }
        Ok(())
    }

    async fn read_mark(&self, person: &UserId, id: &ConversationId) -> Result<ReadMark, StoreError> {
        self.mark_of(person, id).await
    }

    async fn raise_read_mark(
        &self,
        person: &UserId,
        id: &ConversationId,
        mark: ReadMark,
    ) -> Result<ReadMark, StoreError> {
        self.raise_mark(person, id, mark).await
    }
}

impl MongoStore {
    /// Who is or was a member, as the only part of a fold.
    pub(super) async fn members_of(&self, id: &ConversationId) -> Result<ConversationFold, StoreError> {
        let members = self.members().await?;
        let of_conversation = members.find(doc! { "conversation": id.as_str() });
        let mut fold = ConversationFold::default();
        for member in self.mongo.all(of_conversation).await? {
            let (person, held) = member.held()?;
            fold.members.insert(person, held);
        }
        Ok(fold)
    }

    /// The end of a log, read from the log.
    pub(super) async fn tail(&self, id: &ConversationId) -> Result<Option<Tail>, StoreError> {
        let log = self.log().await?;
        let newest = log
            .find_one(super::entries::places(id.as_str(), &(0..=u64::MAX)))
            .sort(doc! { "place": -1 });
        let Some(newest) = self.mongo.read(newest).await? else {
            return Ok(None);
        };
        let newest = newest.entry()?;
        Ok(Some(Tail {
            seq: newest.seq,
            ordinal: newest.ordinal,
            at: newest.at,
            client_id: Some(newest.client_id),
        }))
    }
}
