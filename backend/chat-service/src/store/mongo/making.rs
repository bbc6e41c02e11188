//! Making a conversation: all of it or nothing, as far as anybody can see.
//!
//! First its document is stored with everything that is to be stored besides, and with `made: false`, so that nobody
//! sees it. Then whoever finds it so does what it says: claims the name, adds members and first entries, each of
//! which changes nothing when it was done before; and last sets `made`. The process that began may die anywhere. The next
//! one that wants the same conversation, or the same name, finds the document and carries it out, so a name is
//! never kept by a channel that does not exist.
//!
//! Two who make the same conversation at once carry out the same document. They cannot differ in members or first
//! entries: a conversation's id is made of its members, or of its maker and the key that they chose.

use mongodb::bson::{Document, doc};
use protocol::{ConversationId, Entry};

use super::documents::{ConversationDocument, NameDocument};
use super::entries::EntryDocument;
use super::{MOST_TRIES, MongoStore, id};
use crate::store::{Added, ConversationStore as _, Record, StoreError, name_key};

/// What became of a document that was carried out.
enum Outcome {
    Made,
    /// Another channel has the name; the document is gone.
    NameTaken,
    /// Somebody else was faster: made it, or took it away.
    Overtaken,
}

impl MongoStore {
    pub(super) async fn make(&self, record: Record, opening: Vec<Entry>) -> Result<Added, StoreError> {
        let conversations = self.conversations().await?;
        let (id, epoch) = (record.id.clone(), record.epoch.clone());
        let new = ConversationDocument::to_be_made(&record, &opening)?;
        for _ in 0..MOST_TRIES {
            let found = conversations.find_one(doc! { "_id": id.as_str() });
            let (document, is_ours) = match self.mongo.read(found).await? {
                Some(document) if document.made => return self.existing(&id).await,
                Some(document) => (document, false),
                None => match self.mongo.write(conversations.insert_one(&new)).await {
                    Ok(_) => (new.clone(), true),
                    Err(StoreError::Duplicate) => continue,
                    Err(fault) => return Err(fault),
                },
            };
            match self.carry_out(&document).await? {
                Outcome::Made if is_ours => return Ok(Added::New),
                Outcome::NameTaken => return Ok(Added::NameTaken),
                Outcome::Made | Outcome::Overtaken => {
                    // Perhaps somebody else has carried out our own.
                    match self.conversation(&id).await? {
                        Some(made) if is_ours && made.epoch == epoch => return Ok(Added::New),
                        Some(made) => return Ok(Added::Existing(Box::new(made))),
                        None => {}
                    }
                }
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn existing(&self, id: &ConversationId) -> Result<Added, StoreError> {
        let record = self.conversation(id).await?;
        Ok(record.map_or(Added::NameTaken, |record| Added::Existing(Box::new(record))))
    }

    /// Does what a document says that is not made yet.
    async fn carry_out(&self, document: &ConversationDocument) -> Result<Outcome, StoreError> {
        let Some(making) = &document.making else {
            return Ok(Outcome::Overtaken);
        };
        if let Some(name) = &document.first_name
            && !self.claim_first_name(&document.id, &name_key(name)).await?
        {
            self.give_up(document).await?;
            return Ok(Outcome::NameTaken);
        }
        self.insert_missing(&self.members().await?, &making.members).await?;
        if let Err(fault) = self.insert_opening(&making.opening).await {
            if matches!(fault, StoreError::Duplicate) {
                self.give_up(document).await?;
            }
            return Err(fault);
        }
        let show = doc! { "$set": { "made": true }, "$unset": { "making": "" } };
        let conversations = self.conversations().await?;
        let shown = self
            .mongo
            .write(conversations.update_one(not_made(document), show))
            .await?;
        Ok(if shown.matched_count > 0 {
            Outcome::Made
        } else {
            Outcome::Overtaken
        })
    }

    /// Stores the first entries; `Duplicate` when the name of one of them is another entry's.
    async fn insert_opening(&self, opening: &[EntryDocument]) -> Result<(), StoreError> {
        let log = self.log().await?;
        let mut rest = opening;
        while !rest.is_empty() {
            let stored = self.mongo.insert_until_taken(&log, rest).await?;
            let Some(refused) = rest.get(stored) else { break };
            let held = self.mongo.read(log.find_one(doc! { "_id": &refused.id })).await?;
            if held.is_none_or(|held| held.place != refused.place) {
                return Err(StoreError::Duplicate);
            }
            rest = &rest[stored + 1..];
        }
        Ok(())
    }

    /// Claims the name of a channel that is being made; false when a channel that exists has it.
    async fn claim_first_name(&self, id: &str, name_key: &str) -> Result<bool, StoreError> {
        let names = self.names().await?;
        for _ in 0..MOST_TRIES {
            let claim = NameDocument {
                name_key: name_key.to_owned(),
                conversation: id.to_owned(),
            };
            match self.mongo.write(names.insert_one(claim)).await {
                Err(StoreError::Duplicate) => {}
                outcome => return outcome.map(|_| true),
            }
            let held = self.mongo.read(names.find_one(doc! { "_id": name_key })).await?;
            match held {
                Some(held) if held.conversation == id => return Ok(true),
                Some(held) if self.keeps_name(&held).await? => return Ok(false),
                // Claimed for a channel that there will never be.
                Some(held) => {
                    let idle = doc! { "_id": name_key, "conversation": held.conversation };
                    self.mongo.write(names.delete_one(idle)).await?;
                }
                None => {}
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Whether the claim is that of a channel that exists, after one that is being made with this name was made.
    async fn keeps_name(&self, held: &NameDocument) -> Result<bool, StoreError> {
        let conversations = self.conversations().await?;
        let owner = self
            .mongo
            .read(conversations.find_one(doc! { "_id": &held.conversation }))
            .await?;
        match owner {
            None => Ok(false),
            Some(owner) if owner.made => Ok(true),
            Some(owner) if owner.first_name.as_deref().map(name_key).as_ref() != Some(&held.name_key) => Ok(false),
            Some(owner) => {
                // It holds its name, so it does not come back here.
                Box::pin(self.carry_out(&owner)).await?;
                Ok(self.conversation(&id(owner.id)?).await?.is_some())
            }
        }
    }

    /// Takes away what could not be made.
    async fn give_up(&self, document: &ConversationDocument) -> Result<(), StoreError> {
        let conversations = self.conversations().await?;
        self.mongo
            .write(conversations.delete_one(not_made(document)))
            .await
            .map(drop)
    }
}

/// This very document, while nobody can see it.
fn not_made(document: &ConversationDocument) -> Document {
    doc! { "_id": &document.id, "epoch": &document.epoch, "made": false }
}
