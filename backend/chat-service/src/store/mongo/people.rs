//! The copy of people and of the workspace's settings.

use async_trait::async_trait;
use mongodb::bson::doc;
use protocol::event::{PersonChanged, WorkspaceChanged};
use protocol::rest::identity::ChannelCreation;
use protocol::{Role, UserId};
use serde::{Deserialize, Serialize};
use service_kit::store::mongo::{flag, number};

use super::{MongoStore, id, unreadable};
use crate::store::{PersonStore, StoreError};

/// The key of the only document about the workspace.
const WORKSPACE: &str = "workspace";

#[derive(Serialize, Deserialize)]
struct PersonDocument {
    #[serde(rename = "_id")]
    id: String,
    name: String,
    #[serde(with = "flag")]
    active: bool,
    role: String,
    #[serde(with = "number")]
    version: u64,
}

#[derive(Serialize, Deserialize)]
struct WorkspaceDocument {
    channel_creation: String,
    #[serde(with = "number")]
    version: u64,
}

#[async_trait]
impl PersonStore for MongoStore {
    async fn put_person(&self, person: PersonChanged) -> Result<bool, StoreError> {
        let people = self.mongo.collection::<PersonDocument>("people").await?;
        let fields = doc! { "name": person.name, "active": person.active, "role": role_text(person.role) };
        let guard = ("version", person.version);
        self.write_newer(&people, person.id.as_str(), guard, fields).await
    }

    async fn person(&self, id: &UserId) -> Result<Option<PersonChanged>, StoreError> {
        let people = self.mongo.collection::<PersonDocument>("people").await?;
        let found = self.mongo.read(people.find_one(doc! { "_id": id.as_str() })).await?;
        found.map(person).transpose()
    }

    async fn put_workspace(&self, workspace: WorkspaceChanged) -> Result<bool, StoreError> {
        let workspaces = self.mongo.collection::<WorkspaceDocument>("workspace").await?;
        let who = match workspace.channel_creation {
            ChannelCreation::Everyone => EVERYONE,
            ChannelCreation::Administrators => ADMINISTRATORS,
        };
        let fields = doc! { "channel_creation": who };
        let guard = ("version", workspace.version);
        self.write_newer(&workspaces, WORKSPACE, guard, fields).await
    }

    async fn workspace(&self) -> Result<Option<WorkspaceChanged>, StoreError> {
        let workspaces = self.mongo.collection::<WorkspaceDocument>("workspace").await?;
        let found = self.mongo.read(workspaces.find_one(doc! { "_id": WORKSPACE })).await?;
        let Some(found) = found else { return Ok(None) };
        let channel_creation = match found.channel_creation.as_str() {
            EVERYONE => ChannelCreation::Everyone,
            ADMINISTRATORS => ChannelCreation::Administrators,
            _ => return Err(unreadable("who makes channels")),
        };
        Ok(Some(WorkspaceChanged {
            channel_creation,
            version: found.version,
        }))
    }
}

const EVERYONE: &str = "everyone";
const ADMINISTRATORS: &str = "administrators";

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Administrator => "administrator",
    }
}

fn person(found: PersonDocument) -> Result<PersonChanged, StoreError> {
    Ok(PersonChanged {
        id: id(found.id)?,
        name: found.name,
        active: found.active,
        role: match found.role.as_str() {
            "member" => Role::Member,
            "administrator" => Role::Administrator,
            _ => return Err(unreadable("a role")),
        },
        version: found.version,
    })
}
