//! The settings of the workspace as one document.

use async_trait::async_trait;
use mongodb::bson::doc;
use service_kit::store::StoreError;

use super::documents::{WORKSPACE, WORKSPACE_ID, WorkspaceDocument, stored_version};
use super::unsettled::{Attached, with_notes};
use super::{INDEXES, MongoStore};
use crate::audit::Note;
use crate::store::WorkspaceStore;
use crate::workspace::{Setup, creation_text};

#[async_trait]
impl WorkspaceStore for MongoStore {
    async fn set_up(&self, first: &Setup) -> Result<(), StoreError> {
        // Those that are unique hold rules: nothing is stored before they are there.
        self.mongo.make_indexes(INDEXES).await?;
        let first = WorkspaceDocument {
            id: WORKSPACE_ID.to_owned(),
            name: first.name.clone(),
            sign_in_domains: first.sign_in_domains.clone(),
            channel_creation: creation_text(first.channel_creation).to_owned(),
            version: first.version,
            notes: Attached::new(),
            unsettled: 0,
        };
        self.insert_if_new(WORKSPACE, &first).await.map(drop)
    }

    async fn setup(&self) -> Result<Setup, StoreError> {
        let stored = self
            .find_one::<WorkspaceDocument>(WORKSPACE, doc! { "_id": WORKSPACE_ID })
            .await?;
        // A server that was never set up is about to be.
        stored.ok_or(StoreError::Unavailable)?.try_into()
    }

    async fn replace_setup(&self, changed: &Setup, note: &Note) -> Result<bool, StoreError> {
        let version = stored_version(changed.version);
        let set = doc! {
            "name": &changed.name,
            "sign_in_domains": &changed.sign_in_domains,
            "channel_creation": creation_text(changed.channel_creation),
            "version": version,
        };
        let change = with_notes(set, &self.attached(std::slice::from_ref(note)))?;
        let one_older = doc! { "_id": WORKSPACE_ID, "version": version - 1 };
        let replaced = self.update(WORKSPACE, one_older, change).await?;
        self.wake_settling();
        Ok(replaced)
    }
}
