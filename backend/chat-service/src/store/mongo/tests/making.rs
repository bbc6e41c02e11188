use futures_util::future::join_all;
use mongodb::bson::doc;
use protocol::timeline::{ConversationFold, Written};
use protocol::{Entry, EntryKind, Visibility};

use super::seqs;
use crate::store::mongo::MongoStore;
use crate::store::mongo::documents::ConversationDocument;
use crate::store::{Added, ChannelSearch, ConversationStore as _, LogStore as _, Record};
use crate::testing::{channel, client_id, folded, group, message, mongo, user};

/// A channel with this name, whose first entry is that its maker joined.
fn new_channel(number: u128, name: &str) -> (Record, Vec<Entry>) {
    let mut record = channel(number, Visibility::Public, &[]);
    record.first_name = Some(name.to_owned());
    record.fold.name.as_mut().unwrap().value = name.to_owned();
    let joined = Entry {
        ordinal: 0,
        client_id: client_id(1000 + number),
        kind: EntryKind::Joined { person: user(1) },
        ..message(&record.id, 1, &user(1))
    };
    record.fold.apply(&joined);
    record.folded = 1;
    (record, vec![joined])
}

/// What a process leaves that dies after its first step.
async fn half_made(store: &MongoStore, record: &Record, opening: &[Entry]) {
    let document = ConversationDocument::to_be_made(record, opening).unwrap();
    store.conversations().await.unwrap().insert_one(document).await.unwrap();
}

async fn names(store: &MongoStore) -> Vec<String> {
    let search = ChannelSearch {
        person: user(1),
        contains: String::new(),
        after: None,
        limit: 9,
    };
    let found = store.channels(search).await.unwrap();
    found.into_iter().filter_map(|found| found.name).collect()
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn nobody_sees_a_half_made_conversation_and_a_repeat_makes_it_whole() {
    let (_database, store) = mongo().await;
    let (record, opening) = new_channel(1, "general");
    half_made(&store, &record, &opening).await;

    assert_eq!(store.conversation(&record.id).await.unwrap(), None);
    assert!(store.conversations_of(&user(1)).await.unwrap().is_empty());
    assert!(names(&store).await.is_empty() && store.unfolded().await.unwrap().is_empty());

    let mut again = record.clone();
    again.epoch = "of the repeat".to_owned();
    let added = store.add_conversation(again, opening).await.unwrap();

    let made = store.conversation(&record.id).await.unwrap().unwrap();
    assert_eq!(added, Added::Existing(Box::new(made.clone())));
    assert_eq!(
        (&made.epoch, made.tail.seq, &made.fold),
        (&record.epoch, 1, &record.fold)
    );
    assert_eq!(store.conversations_of(&user(1)).await.unwrap().len(), 1);
    assert_eq!(names(&store).await, ["general"]);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn whoever_wants_the_name_of_a_half_made_channel_makes_it_whole() {
    let (_database, store) = mongo().await;
    let (record, opening) = new_channel(1, "general");
    half_made(&store, &record, &opening).await;
    store.claim_name(&record.id, "general".to_owned()).await.unwrap();

    let (other, opening) = new_channel(2, "General");
    let added = store.add_conversation(other.clone(), opening).await.unwrap();

    assert_eq!(added, Added::NameTaken);
    assert_eq!(store.conversation(&other.id).await.unwrap(), None);
    assert!(seqs(&store, &other.id).await.is_empty());
    let made = store.conversation(&record.id).await.unwrap().unwrap();
    assert!(made.fold.is_member(&user(1)));
    assert_eq!(seqs(&store, &record.id).await, [1]);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_name_claimed_for_a_channel_that_there_is_not_is_free() {
    let (_database, store) = mongo().await;
    let (gone, _) = new_channel(1, "general");
    store.claim_name(&gone.id, "general".to_owned()).await.unwrap();

    let (record, opening) = new_channel(2, "general");
    assert_eq!(store.add_conversation(record, opening).await.unwrap(), Added::New);
    assert!(store.claim_name(&gone.id, "general".to_owned()).await.is_err());
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn of_many_who_start_one_conversation_at_once_one_is_the_first() {
    let (_database, store) = mongo().await;
    let adding = (0..16).map(|number| {
        let mut record = group(&[user(1), user(2), user(3)]);
        record.epoch = format!("epoch {number}");
        store.add_conversation(record, Vec::new())
    });
    let added: Vec<Added> = join_all(adding).await.into_iter().map(Result::unwrap).collect();

    let made = store
        .conversation(&group(&[user(1), user(2), user(3)]).id)
        .await
        .unwrap()
        .unwrap();
    let existing = Added::Existing(Box::new(made.clone()));
    assert_eq!(
        added.iter().filter(|added| **added == Added::New).count(),
        1,
        "{added:?}"
    );
    assert_eq!(
        added.iter().filter(|added| **added == existing).count(),
        15,
        "{added:?}"
    );
    assert_eq!(made.fold.current_members().count(), 3);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn of_many_who_want_one_name_at_once_one_gets_it() {
    let (_database, store) = mongo().await;
    let adding = (0..16).map(|number| {
        let (record, opening) = new_channel(number, "general");
        store.add_conversation(record, opening)
    });
    let added: Vec<Added> = join_all(adding).await.into_iter().map(Result::unwrap).collect();

    assert_eq!(
        added.iter().filter(|added| **added == Added::New).count(),
        1,
        "{added:?}"
    );
    assert_eq!(
        added.iter().filter(|added| **added == Added::NameTaken).count(),
        15,
        "{added:?}"
    );
    assert_eq!(names(&store).await, ["general"]);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn the_number_of_members_is_right_whoever_counts_last() {
    let (_database, store) = mongo().await;
    let record = channel(1, Visibility::Public, &[user(0)]);
    store.add_conversation(record.clone(), Vec::new()).await.unwrap();

    let joining = (1..=16).map(|number| {
        let member = Written {
            value: true,
            seq: number,
        };
        let fold = ConversationFold {
            members: [(user(number.into()), member)].into(),
            ..ConversationFold::default()
        };
        store.save_fold(&record.id, folded(fold), number)
    });
    join_all(joining).await.into_iter().for_each(Result::unwrap);

    let counted = doc! { "_id": record.id.as_str(), "member_count": 17 };
    let found = store.conversations().await.unwrap().find_one(counted).await.unwrap();
    assert!(found.is_some(), "seventeen are members");
}
