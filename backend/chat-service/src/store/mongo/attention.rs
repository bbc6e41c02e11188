//! Mentions and levels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use futures_util::future::try_join;
use mongodb::Collection;
use mongodb::bson::doc;
use mongodb::options::ReturnDocument;
use protocol::{ChosenLevel, ConversationId, Mention, NotificationLevel, UnixMs, UserId};
use serde::{Deserialize, Serialize};
use service_kit::store::mongo::number;

use super::entries::{digits, place};
use super::{LOOKUPS, MOST_TRIES, MongoStore, id, key, one_of, unreadable};
use crate::store::attention::{highest, level_of, level_text};
use crate::store::{AttentionStore, MentionSearch, Moment, StoreError, Whom};

/// A message that somebody was named in. Its key is `whom/conversation/ordinal`, so that those behind an ordinal are
/// one range; `moment` is `time/conversation/seq`, so that those of all conversations have one order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MentionDocument {
    #[serde(rename = "_id")]
    id: String,
    /// A person, or a conversation for everybody in it.
    whom: String,
    moment: String,
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "number")]
    ordinal: u64,
}

/// The level that a person has chosen for a conversation.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LevelDocument {
    #[serde(rename = "_id")]
    id: String,
    pub(super) conversation: String,
    level: String,
    #[serde(with = "number")]
    version: u64,
}

impl LevelDocument {
    pub(super) fn chosen(&self) -> ChosenLevel {
        ChosenLevel {
            level: level_of(&self.level),
            version: self.version,
        }
    }
}

#[async_trait]
impl AttentionStore for MongoStore {
    async fn named_between(
        &self,
        person: &UserId,
        id: &ConversationId,
        (behind, before): (u64, u64),
        limit: u32,
    ) -> Result<Vec<Mention>, StoreError> {
        let of_whom = async |whom: &str| {
            let all = key(whom, id.as_str());
            let range = doc! { "$gt": key(&all, &digits(behind)), "$lt": key(&all, &digits(before)) };
            let mentions = self.mentions().await?;
            let found = mentions.find(doc! { "_id": range }).sort(doc! { "_id": -1 });
            self.mongo.all(found.limit(i64::from(limit))).await
        };
        let (mut found, everybody) = try_join(of_whom(person.as_str()), of_whom(id.as_str())).await?;
        found.extend(everybody);
        let found = found.into_iter().map(|named| Mention {
            seq: named.seq,
            ordinal: named.ordinal,
        });
        Ok(highest(found.collect(), limit))
    }

    async fn named(&self, search: MentionSearch) -> Result<Vec<Moment>, StoreError> {
        let mut whom = vec![search.person.to_string()];
        whom.extend(search.conversations.iter().map(ToString::to_string));
        let mut wanted = doc! { "whom": one_of(whom) };
        if let Some(before) = &search.before {
            wanted.insert("moment", doc! { "$lt": moment_text(before) });
        }
        let mentions = self.mentions().await?;
        // The same message may have named both the person and everybody.
        let found = mentions.find(wanted).sort(doc! { "moment": -1 });
        let found = self.mongo.all(found.limit(2 * i64::from(search.limit))).await?;
        let found: Result<Vec<Moment>, StoreError> = found.iter().map(|named| moment(&named.moment)).collect();
        Ok(highest(found?, search.limit))
    }

    async fn level(&self, person: &UserId, id: &ConversationId) -> Result<ChosenLevel, StoreError> {
        let levels = self.levels().await?;
        let chosen = levels.find_one(doc! { "_id": key(person.as_str(), id.as_str()) });
        let held = self.mongo.read(chosen).await?;
        Ok(held.map_or(ChosenLevel::default(), |held| held.chosen()))
    }

    async fn choose_level(
        &self,
        person: &UserId,
        id: &ConversationId,
        level: Option<NotificationLevel>,
    ) -> Result<ChosenLevel, StoreError> {
        let levels = self.levels().await?;
        let this = doc! { "_id": key(person.as_str(), id.as_str()) };
        let change = doc! {
            "$set": { "person": person.as_str(), "conversation": id.as_str(), "level": level_text(level) },
            "$inc": { "version": 1_i64 },
        };
        for _ in 0..MOST_TRIES {
            let choosing = levels
                .find_one_and_update(this.clone(), change.clone())
                .upsert(true)
                .return_document(ReturnDocument::After);
            match self.mongo.write(choosing).await {
                Ok(Some(held)) => return Ok(held.chosen()),
                // Somebody else has made it at the same moment; servers say so in two ways.
                Ok(None) | Err(StoreError::Duplicate) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(StoreError::Unavailable)
    }
}

impl MongoStore {
    async fn mentions(&self) -> Result<Collection<MentionDocument>, StoreError> {
        self.mongo.collection("mentions").await
    }

    async fn levels(&self) -> Result<Collection<LevelDocument>, StoreError> {
        self.mongo.collection("levels").await
    }

    /// The levels that a person has chosen for some of these conversations.
    pub(super) async fn levels_of(
        &self,
        person: &UserId,
        conversations: &[String],
    ) -> Result<HashMap<String, LevelDocument>, StoreError> {
        let keys = conversations.iter().map(|id| key(person.as_str(), id)).collect();
        let levels = self.levels().await?;
        let held = self.mongo.all(levels.find(doc! { "_id": one_of(keys) })).await?;
        Ok(held.into_iter().map(|held| (held.conversation.clone(), held)).collect())
    }

    /// Writes down whom messages named. Their places are read from the log.
    pub(super) async fn save_named(
        &self,
        id: &ConversationId,
        named: &BTreeMap<u64, BTreeSet<Whom>>,
    ) -> Result<(), StoreError> {
        let all: Vec<(&u64, &BTreeSet<Whom>)> = named.iter().collect();
        let mentions = self.mentions().await?;
        for some in all.chunks(LOOKUPS) {
            let places = some.iter().map(|(seq, _)| place(id.as_str(), **seq)).collect();
            let log = self.log().await?;
            let found = log.find(doc! { "place": one_of(places), "kind": "message" });
            let mut documents = Vec::new();
            for message in self.mongo.all(found).await? {
                let message = message.entry()?;
                let whom = named.get(&message.seq).into_iter().flatten();
                documents.extend(whom.map(|whom| {
                    let whom = match whom {
                        Whom::Person(person) => person.as_str(),
                        Whom::Everybody => id.as_str(),
                    };
                    mention(whom, &message)
                }));
            }
            self.insert_missing(&mentions, &documents).await?;
        }
        Ok(())
    }
}

fn mention(whom: &str, message: &protocol::Entry) -> MentionDocument {
    let conversation = message.conversation.as_str();
    MentionDocument {
        id: key(&key(whom, conversation), &digits(message.ordinal)),
        whom: whom.to_owned(),
        moment: moment_text(&Moment {
            at: message.at,
            conversation: message.conversation.clone(),
            seq: message.seq,
        }),
        seq: message.seq,
        ordinal: message.ordinal,
    }
}

/// In a form whose order as text is that of moments.
fn moment_text(moment: &Moment) -> String {
    let at = u64::try_from(moment.at).unwrap_or(0);
    format!("{}/{}/{}", digits(at), moment.conversation, digits(moment.seq))
}

fn moment(text: &str) -> Result<Moment, StoreError> {
    let unreadable = || unreadable("the moment of a mention");
    let (at, rest) = text.split_once('/').ok_or_else(unreadable)?;
    let (conversation, seq) = rest.split_once('/').ok_or_else(unreadable)?;
    Ok(Moment {
        at: at.parse::<UnixMs>().map_err(|_| unreadable())?,
        conversation: id(conversation.to_owned())?,
        seq: seq.parse().map_err(|_| unreadable())?,
    })
}
