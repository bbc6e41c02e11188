//! Writing what entries fold into: first the fields, each guarded by the seq that wrote it, then how far that goes.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use mongodb::bson::{Document, doc};
use protocol::ConversationId;
use protocol::timeline::ConversationFold;

use super::documents::MemberDocument;
use super::{LOOKUPS, MOST_TRIES, MongoStore, signed};
use crate::store::{StoreError, name_key};

impl MongoStore {
    pub(super) async fn fold_conversation(
        &self,
        id: &ConversationId,
        fold: &ConversationFold,
        folded: u64,
    ) -> Result<(), StoreError> {
        if let Some(name) = &fold.name {
            let fields = doc! { "name": &name.value, "name_key": name_key(&name.value) };
            self.write_field(id, ("name_seq", name.seq), fields).await?;
        }
        if let Some(topic) = &fold.topic {
            let fields = doc! { "topic": &topic.value };
            self.write_field(id, ("topic_seq", topic.seq), fields).await?;
        }
        if let Some(archived) = &fold.archived {
            let fields = doc! { "archived": archived.value };
            self.write_field(id, ("archived_seq", archived.seq), fields).await?;
        }
        if !fold.members.is_empty() {
            self.fold_members(id, fold).await?;
        }
        let conversations = self.conversations().await?;
        let raise = doc! { "$max": { "folded": signed(folded) } };
        let raising = conversations.update_one(doc! { "_id": id.as_str() }, raise);
        self.mongo.write(raising).await.map(drop)
    }

    /// Writes fields of the conversation unless an entry behind this one wrote them.
    async fn write_field(
        &self,
        id: &ConversationId,
        (guard, seq): (&str, u64),
        mut fields: Document,
    ) -> Result<(), StoreError> {
        fields.insert(guard, signed(seq));
        let older = doc! { "_id": id.as_str(), guard: { "$lt": signed(seq) } };
        let conversations = self.conversations().await?;
        let writing = conversations.update_one(older, doc! { "$set": fields });
        self.mongo.write(writing).await.map(drop)
    }

    async fn fold_members(&self, id: &ConversationId, fold: &ConversationFold) -> Result<(), StoreError> {
        let members = &self.members().await?;
        let documents: Vec<MemberDocument> = fold
            .members
            .iter()
            .map(|(person, held)| MemberDocument::of(id.as_str(), person, held))
            .collect();
        let writing = stream::iter(documents).map(|document| async move {
            let fields = doc! {
                "conversation": document.conversation, "person": document.person, "member": document.member,
            };
            self.write_newer(members, &document.id, ("seq", document.seq), fields)
                .await
        });
        writing.buffer_unordered(LOOKUPS).try_collect::<Vec<bool>>().await?;
        self.count_members(id).await
    }

    /// Counts the members and stores the number, unless somebody else has counted meanwhile: then again.
    ///
    /// Whoever changed a member counts afterwards, so the last number that is stored was counted after every change.
    async fn count_members(&self, id: &ConversationId) -> Result<(), StoreError> {
        let conversations = self.conversations().await?;
        for _ in 0..MOST_TRIES {
            let found = conversations.find_one(doc! { "_id": id.as_str() });
            let Some(found) = self.mongo.read(found).await? else {
                return Ok(());
            };
            let count = self.members_of(id).await?.current_members().count();
            let still = doc! { "_id": id.as_str(), "counts": signed(found.counts) };
            let store = doc! {
                "$set": { "member_count": i64::try_from(count).unwrap_or(i64::MAX), "counts": signed(found.counts + 1) },
            };
            let stored = self.mongo.write(conversations.update_one(still, store)).await?;
            if stored.matched_count > 0 {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable)
    }
}
