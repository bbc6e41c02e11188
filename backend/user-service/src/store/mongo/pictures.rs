//! Pictures as documents. A person's own document says which of them is theirs.

use async_trait::async_trait;
use mongodb::bson::{Binary, doc};
use protocol::UserId;
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;
use service_kit::store::mongo::number;

use super::MongoStore;
use super::documents::{PEOPLE, PICTURES, PersonDocument, binary, stored_version};
use crate::people::Person;
use crate::pictures::Picture;
use crate::store::{PictureStore, Replaced};

#[derive(Serialize, Deserialize)]
struct PictureDocument {
    /// Random: whoever uploads the same picture twice at once gets two.
    #[serde(rename = "_id")]
    id: String,
    person: String,
    /// The version of the person that it was uploaded for: no later version can come to name it.
    #[serde(with = "number")]
    version: u64,
    png: Binary,
}

#[derive(Deserialize)]
struct OnlyId {
    #[serde(rename = "_id")]
    id: String,
}

#[async_trait]
impl PictureStore for MongoStore {
    async fn replace_picture(&self, changed: &Person, picture: Option<&Picture>) -> Result<Replaced, StoreError> {
        let document = picture.map(|picture| PictureDocument {
            id: self.random_id(),
            person: changed.id.as_str().to_owned(),
            version: changed.version,
            png: binary(&picture.png),
        });
        if let Some(document) = &document {
            self.insert(PICTURES, document).await?;
        }
        let id = document.map(|document| document.id);
        let named = doc! { "picture": &changed.picture, "picture_document": &id };
        let replaced = self.replace(changed, named, &[]).await?;
        match (replaced, id) {
            (Replaced::Done, _) => {
                // It is replaced; what cannot be removed now is removed with the next one.
                if let Err(fault) = self.remove_pictures_that_nobody_names(changed).await {
                    tracing::warn!(%fault, "an old picture stays for now");
                }
            }
            (_, Some(id)) => self.remove(PICTURES, doc! { "_id": id }).await?,
            (_, None) => {}
        }
        Ok(replaced)
    }

    async fn picture(&self, person: &UserId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let named = doc! { "_id": person.as_str(), "picture": name };
        let person: Option<PersonDocument> = self.find_one(PEOPLE, named).await?;
        let Some(id) = person.and_then(|person| person.picture_document) else {
            return Ok(None);
        };
        let picture: Option<PictureDocument> = self.find_one(PICTURES, doc! { "_id": id }).await?;
        Ok(picture.map(|picture| picture.png.bytes))
    }
}

impl MongoStore {
    /// Those of this version or an older one, which others may have left, too. The one that is named now is read
    /// after the list: whatever changes in between concerns newer ones.
    async fn remove_pictures_that_nobody_names(&self, person: &Person) -> Result<(), StoreError> {
        let pictures = self.collection::<OnlyId>(PICTURES).await?;
        let version = stored_version(person.version);
        let query = pictures.find(doc! { "person": person.id.as_str(), "version": { "$lte": version } });
        let held = self.all(query.projection(doc! { "_id": 1 })).await?;
        let owner: Option<PersonDocument> = self.find_one(PEOPLE, doc! { "_id": person.id.as_str() }).await?;
        let named = owner.and_then(|owner| owner.picture_document);
        for picture in held.into_iter().filter(|picture| Some(&picture.id) != named.as_ref()) {
            self.remove(PICTURES, doc! { "_id": picture.id }).await?;
        }
        Ok(())
    }
}
