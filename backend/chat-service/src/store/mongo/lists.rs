//! Lists of conversations, each as of the moment of the tail that it names.
//!
//! The document comes first, the end of the log then, and what changed the conversation between `folded` and that end
//! last: together they are one moment, though each was read at its own.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use mongodb::bson::doc;
use protocol::{ChosenLevel, ConversationId, ConversationKind, EntryKind, Membership, ReadMark, UserId};

use super::attention::LevelDocument;
use super::documents::{ConversationDocument, MarkDocument, MemberDocument};
use super::{LOOKUPS, MongoStore, entries, id, key, one_of};
use crate::store::{ChannelSearch, Listed, StoreError, Tail};

/// Channels that are read at a time when looking for some.
const CHANNELS_AT_A_TIME: i64 = 200;

/// What a list says of one person, by conversation.
struct Person {
    memberships: HashMap<String, MemberDocument>,
    marks: HashMap<String, MarkDocument>,
    levels: HashMap<String, LevelDocument>,
}

/// Everything `person` is a member of.
pub(super) async fn of_person(store: &MongoStore, person: &UserId) -> Result<Vec<Listed>, StoreError> {
    let members = store.members().await?;
    let of_person = members.find(doc! { "person": person.as_str(), "member": true });
    let memberships = store.mongo.all(of_person).await?;
    let ids: Vec<String> = memberships.iter().map(|member| member.conversation.clone()).collect();
    let conversations = store.conversations().await?;
    let found = conversations.find(doc! { "_id": one_of(ids.clone()), "made": true });
    let found = store.mongo.all(found).await?;
    let person = Person {
        memberships: by_conversation(memberships),
        marks: marks(store, person, &ids).await?,
        levels: store.levels_of(person, &ids).await?,
    };
    listed(store, found, &person).await
}

/// Channels by case-folded name. The text that names contain is looked for here: not every server can.
pub(super) async fn channels(store: &MongoStore, search: ChannelSearch) -> Result<Vec<Listed>, StoreError> {
    let conversations = store.conversations().await?;
    let (mut after, mut wanted) = (search.after.clone().unwrap_or_default(), Vec::new());
    let mut memberships = HashMap::new();
    while wanted.len() < search.limit as usize {
        let page = conversations
            .find(doc! { "name_key": { "$gt": &after }, "made": true })
            .sort(doc! { "name_key": 1 })
            .limit(CHANNELS_AT_A_TIME);
        let page = store.mongo.all(page).await?;
        let Some(last) = page.last() else { break };
        after = last.name_key.clone().unwrap_or_default();
        let fitting = page.into_iter().filter(|found| {
            found
                .name_key
                .as_deref()
                .is_some_and(|name| name.contains(&search.contains))
        });
        let fitting: Vec<ConversationDocument> = fitting.collect();
        memberships.extend(memberships_in(store, &search.person, &fitting).await?);
        let is_member = |id: &str| memberships.get(id).is_some_and(|held: &MemberDocument| held.member);
        wanted.extend(
            fitting
                .into_iter()
                .filter(|found| found.visibility == "public" || is_member(&found.id)),
        );
    }
    wanted.truncate(search.limit as usize);
    let ids: Vec<String> = wanted.iter().map(|found| found.id.clone()).collect();
    let person = Person {
        memberships,
        marks: marks(store, &search.person, &ids).await?,
        levels: store.levels_of(&search.person, &ids).await?,
    };
    listed(store, wanted, &person).await
}

async fn memberships_in(
    store: &MongoStore,
    person: &UserId,
    conversations: &[ConversationDocument],
) -> Result<HashMap<String, MemberDocument>, StoreError> {
    let keys = conversations
        .iter()
        .map(|found| key(&found.id, person.as_str()))
        .collect();
    let members = store.members().await?;
    let held = store.mongo.all(members.find(doc! { "_id": one_of(keys) })).await?;
    Ok(by_conversation(held))
}

fn by_conversation(members: Vec<MemberDocument>) -> HashMap<String, MemberDocument> {
    let members = members.into_iter();
    members.map(|member| (member.conversation.clone(), member)).collect()
}

async fn marks(
    store: &MongoStore,
    person: &UserId,
    conversations: &[String],
) -> Result<HashMap<String, MarkDocument>, StoreError> {
    let keys = conversations.iter().map(|id| key(person.as_str(), id)).collect();
    let marks = store.marks().await?;
    let held = store.mongo.all(marks.find(doc! { "_id": one_of(keys) })).await?;
    Ok(held.into_iter().map(|mark| (mark.conversation.clone(), mark)).collect())
}

/// The conversations in their order, several looked up at a time.
async fn listed(
    store: &MongoStore,
    found: Vec<ConversationDocument>,
    person: &Person,
) -> Result<Vec<Listed>, StoreError> {
    let looking = stream::iter(found).map(|document| async move {
        let membership = person.memberships.get(&document.id);
        let read = person.marks.get(&document.id).map(MarkDocument::mark);
        let level = person.levels.get(&document.id).map(LevelDocument::chosen);
        let own = (read.unwrap_or_default(), level.unwrap_or_default());
        one(store, document, membership, own).await
    });
    looking.buffered(LOOKUPS).try_collect().await
}

async fn one(
    store: &MongoStore,
    document: ConversationDocument,
    membership: Option<&MemberDocument>,
    (read, level): (ReadMark, ChosenLevel),
) -> Result<Listed, StoreError> {
    let members: Result<Vec<UserId>, StoreError> = document.people.iter().cloned().map(id).collect();
    let mut members = members?;
    members.sort();
    let conversation: ConversationId = id(document.id.clone())?;
    let tail = store.tail(&conversation).await?;
    let mut listed = Listed {
        kind: document.kind()?,
        visibility: document.visibility()?,
        created_by: id(document.created_by)?,
        epoch: document.epoch,
        name: document.name,
        topic: document.topic,
        archived: document.archived,
        members,
        member_count: document.member_count,
        membership: match membership {
            Some(held) if held.member => Membership::Member,
            Some(_) => Membership::Former,
            None => Membership::None,
        },
        member_seq: membership.map_or(0, |held| held.seq),
        tail: tail.unwrap_or(Tail {
            at: document.created_at,
            ..Tail::default()
        }),
        read,
        level,
        id: conversation,
    };
    fold_the_rest(store, &mut listed, document.folded).await?;
    Ok(listed)
}

/// Adds what entries behind the saved fold say.
async fn fold_the_rest(store: &MongoStore, listed: &mut Listed, folded: u64) -> Result<(), StoreError> {
    if listed.tail.seq <= folded || listed.kind != ConversationKind::Channel {
        return Ok(());
    }
    let behind = entries::facts(listed.id.as_str(), &(folded + 1..=listed.tail.seq));
    let log = store.log().await?;
    let facts = store.mongo.all(log.find(behind).sort(doc! { "says": 1 })).await?;
    let mut moves = Vec::new();
    for fact in facts {
        let fact = fact.entry()?;
        match &fact.kind {
            EntryKind::Joined { .. } | EntryKind::Left { .. } => moves.push(fact),
            EntryKind::Renamed { name } => listed.name = Some(name.clone()),
            EntryKind::Topic { topic } => listed.topic.clone_from(topic),
            EntryKind::Archived { on } => listed.archived = *on,
            _ => {}
        }
    }
    if !moves.is_empty() {
        // The stored number may have some of them already, so it is counted anew.
        let mut fold = store.members_of(&listed.id).await?;
        for entry in &moves {
            fold.apply(entry);
        }
        listed.member_count = u32::try_from(fold.current_members().count()).unwrap_or(u32::MAX);
    }
    Ok(())
}
