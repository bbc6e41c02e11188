//! What processes leave that die in the middle, and what nodes do that know nothing of each other.

mod cuts;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use mongodb::bson::doc;
use protocol::{Role, UserId};
use service_kit::store::StoreError;
use test_kit::engines::MongoDatabase;

use super::documents::{GUARDS, INVITATIONS, OPEN, PEOPLE, PICTURES, SESSIONS, WITHDRAWN};
use super::unsettled::with_notes;
use super::{Document, MongoStore};
use crate::audit::Filter;
use crate::people::{FirstRole, NewPerson, Person};
use crate::pictures::Picture;
use crate::store::contract::invitations::{code, invitation};
use crate::store::contract::sessions::session;
use crate::store::contract::{kept, lines, mongo_in, new_person, note};
use crate::store::{
    AuditStore as _, InvitationStore as _, OutboxStore as _, PeopleStore as _, PictureStore as _, Replaced,
    SessionStore as _,
};

/// As many nodes over one database.
async fn nodes(database: &MongoDatabase, count: usize) -> Vec<MongoStore> {
    join_all((0..count).map(async |_| mongo_in(database).await)).await
}

async fn documents(store: &MongoStore, collection: &str, which: Document) -> usize {
    let collection = store.collection::<Document>(collection).await.unwrap();
    store.all(collection.find(which)).await.unwrap().len()
}

async fn add(store: &MongoStore, number: u128, role: FirstRole) -> Person {
    let new = NewPerson {
        role,
        ..new_person(number, &format!("person{number}@example.org"))
    };
    store.add_person(&new).await.unwrap()
}

/// The same person as a member, one version later.
fn demoted(person: &Person) -> Person {
    let mut person = person.clone();
    person.version += 1;
    person.role = Role::Member;
    person
}

fn demotion(person: &Person) -> Document {
    let version = i64::try_from(person.version).unwrap();
    doc! { "$set": { "role": "member", "version": version } }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_note_that_was_left_uncopied_is_seen_at_once_and_once_by_every_node() {
    let database = MongoDatabase::fresh();
    let nodes = nodes(&database, 4).await;
    nodes[0]
        .add_session(&session(1), &[note("one"), note("two")])
        .await
        .unwrap();
    assert_eq!(documents(&nodes[0], SESSIONS, doc! { "unsettled": 2 }).await, 1);
    for seen in join_all(nodes.iter().map(async |node| lines(node).await)).await {
        assert_eq!(seen, [note("one"), note("two")]);
    }
    assert_eq!(
        documents(&nodes[0], SESSIONS, doc! { "unsettled": 0, "notes": {} }).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_note_that_was_copied_and_not_taken_out_is_not_copied_again() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let attached = store.attached(&[note("one")]);
    let change = with_notes(doc! {}, &attached).unwrap();
    add(&store, 1, FirstRole::Member).await;
    let person = UserId::from_random(1);
    store
        .update(PEOPLE, doc! { "_id": person.as_str() }, change)
        .await
        .unwrap();
    store.copy_notes(attached.into_values().collect()).await.unwrap();
    assert_eq!(lines(&store).await, [note("one")]);
    assert_eq!(documents(&store, PEOPLE, doc! { "unsettled": 0 }).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn nodes_that_note_at_once_leave_no_hole_and_no_double() {
    let database = MongoDatabase::fresh();
    let nodes = nodes(&database, 4).await;
    join_all(nodes.iter().enumerate().map(async |(number, node)| {
        for round in 0..8 {
            node.note(&note(&format!("{number}.{round}"))).await.unwrap();
        }
    }))
    .await;
    let lines = nodes[0].audit_lines(&Filter::default(), 99).await.unwrap();
    let places: BTreeSet<u64> = lines.iter().map(|line| line.seq).collect();
    let details: BTreeSet<&str> = lines.iter().map(|line| line.note.detail.as_str()).collect();
    assert_eq!((lines.len(), details.len()), (32, 32));
    assert_eq!(places, (1..=32).collect());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn whoever_died_with_the_turn_holds_it_for_a_while_and_can_do_nothing_any_more() {
    let database = MongoDatabase::fresh();
    let (dead, alive) = (mongo_in(&database).await, mongo_in(&database).await);
    let (ada, ben) = (
        add(&alive, 1, FirstRole::Administrator).await,
        add(&alive, 2, FirstRole::Administrator).await,
    );
    let (without_ada, without_ben) = (demoted(&ada), demoted(&ben));
    // It has looked whether another one is left, and falls asleep before it changes anything.
    dead.take_turn(&without_ada).await.unwrap();
    assert!(dead.another_is_left(&without_ada).await.unwrap());

    assert_eq!(alive.replace_person(&without_ben, &[]).await.unwrap(), Replaced::Done);

    let late = dead
        .replace_version(&without_ada, demotion(&without_ada))
        .await
        .unwrap();
    assert_eq!(late, Replaced::Outdated, "or there would be no administrator");
    let ada = alive.person(&ada.id).await.unwrap().unwrap();
    assert!(ada.is_administrator());
    let last = alive.replace_person(&demoted(&ada), &[]).await.unwrap();
    assert_eq!(last, Replaced::LastAdministrator);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn whoever_died_after_a_removal_leaves_what_is_stored_and_a_turn_for_others() {
    let database = MongoDatabase::fresh();
    let (dead, alive) = (mongo_in(&database).await, mongo_in(&database).await);
    let (ada, ben) = (
        add(&alive, 1, FirstRole::Administrator).await,
        add(&alive, 2, FirstRole::Administrator).await,
    );
    let without_ada = demoted(&ada);
    dead.take_turn(&without_ada).await.unwrap();
    let removed = dead
        .replace_version(&without_ada, demotion(&without_ada))
        .await
        .unwrap();
    assert_eq!(removed, Replaced::Done);

    let last = alive.replace_person(&demoted(&ben), &[]).await.unwrap();

    assert_eq!(last, Replaced::LastAdministrator);
    assert_eq!(alive.person(&ada.id).await.unwrap().unwrap(), without_ada);
    assert_eq!(
        documents(&alive, GUARDS, doc! { "turn": null }).await,
        1,
        "and it was given back"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn sixteen_administrators_on_as_many_nodes_leave_one() {
    let database = MongoDatabase::fresh();
    let nodes = nodes(&database, 16).await;
    let people: Vec<Person> = join_all(
        nodes
            .iter()
            .zip(1..)
            .map(async |(node, number)| add(node, number, FirstRole::Administrator).await),
    )
    .await;
    let removed = join_all(
        nodes
            .iter()
            .zip(&people)
            .map(async |(node, person)| node.replace_person(&demoted(person), &[]).await.unwrap()),
    )
    .await;
    assert_eq!(removed.iter().filter(|outcome| **outcome == Replaced::Done).count(), 15);
    assert_eq!(documents(&nodes[0], PEOPLE, doc! { "role": "administrator" }).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn sixteen_who_come_first_at_as_many_nodes_get_one_administrator() {
    let database = MongoDatabase::fresh();
    let nodes = nodes(&database, 16).await;
    join_all(
        nodes
            .iter()
            .zip(1..)
            .map(async |(node, number)| add(node, number, FirstRole::AdministratorIfThereIsNone).await),
    )
    .await;
    assert_eq!(documents(&nodes[0], PEOPLE, doc! { "role": "administrator" }).await, 1);
    assert_eq!(documents(&nodes[0], PEOPLE, doc! { "is_candidate": 1 }).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn whoever_came_first_and_was_cut_off_is_made_administrator_later() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let ada = add(&store, 1, FirstRole::Member).await;
    let cut_off = doc! { "$set": { "is_candidate": 1 } };
    store
        .update(PEOPLE, doc! { "_id": ada.id.as_str() }, cut_off)
        .await
        .unwrap();

    store.finish_first_administrator().await.unwrap();
    store.finish_first_administrator().await.unwrap();

    let ada = store.person(&ada.id).await.unwrap().unwrap();
    assert_eq!((ada.role, ada.version), (Role::Administrator, 2));
    assert_eq!(
        store.unannounced(9).await.unwrap(),
        [ada],
        "with the role they have now"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn whoever_was_chosen_first_is_made_administrator_by_whoever_comes_next() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let ada = add(&store, 1, FirstRole::Member).await;
    let chosen = doc! { "_id": "first-administrator", "person": ada.id.as_str() };
    store.insert(GUARDS, &chosen).await.unwrap();
    let ben = add(&store, 2, FirstRole::AdministratorIfThereIsNone).await;
    assert_eq!(ben.role, Role::Member);
    assert!(store.person(&ada.id).await.unwrap().unwrap().is_administrator());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_withdrawn_invitation_goes_once_its_note_and_mail_are_copied() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let new = invitation(1, "ada@example.org");
    store
        .add_invitation(&new, code(1), &note("invited"), &kept("mail", 5))
        .await
        .unwrap();
    store.withdraw_invitation("i_1", &note("withdrawn")).await.unwrap();
    assert_eq!(documents(&store, INVITATIONS, doc! { "state": WITHDRAWN }).await, 1);
    // Its address is free at once.
    let newer = invitation(2, "ada@example.org");
    store
        .add_invitation(&newer, code(2), &note("again"), &kept("another", 6))
        .await
        .unwrap();

    assert_eq!(store.waiting(9).await.unwrap(), [kept("mail", 5), kept("another", 6)]);

    assert_eq!(documents(&store, INVITATIONS, doc! {}).await, 1);
    assert_eq!(documents(&store, INVITATIONS, doc! { "state": OPEN }).await, 1);
    assert_eq!(lines(&store).await, [note("invited"), note("withdrawn"), note("again")]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn pictures_that_were_left_go_with_the_next_one() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let ada = add(&store, 1, FirstRole::Member).await;
    // Whoever uploaded it died before they could name it.
    let left = doc! { "_id": "left", "person": ada.id.as_str(), "version": 2_i64, "png": "" };
    store.insert(PICTURES, &left).await.unwrap();
    let mut changed = ada.clone();
    (changed.version, changed.picture) = (2, Some("new".to_owned()));
    let picture = Picture {
        name: "new".to_owned(),
        png: vec![1, 2, 3],
    };
    let replaced = store.replace_picture(&changed, Some(&picture)).await.unwrap();
    assert_eq!(replaced, Replaced::Done);
    assert_eq!(documents(&store, PICTURES, doc! {}).await, 1);
    assert_eq!(store.picture(&ada.id, "new").await.unwrap(), Some(vec![1, 2, 3]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn the_deactivated_are_looked_at_until_nothing_of_theirs_runs_and_again_when_they_come_back() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let ada = add(&store, 1, FirstRole::Member).await;
    let mut gone = ada.clone();
    (gone.active, gone.version) = (false, 2);
    store.replace_person(&gone, &[]).await.unwrap();
    assert_eq!(documents(&store, PEOPLE, doc! { "to_sign_out": 1 }).await, 1);
    assert_eq!(store.running_sessions_of_the_deactivated().await.unwrap(), []);
    assert_eq!(documents(&store, PEOPLE, doc! { "to_sign_out": 1 }).await, 0);
    (gone.active, gone.version) = (true, 3);
    store.replace_person(&gone, &[]).await.unwrap();
    store.add_session(&session(1), &[]).await.unwrap();
    (gone.active, gone.version) = (false, 4);
    store.replace_person(&gone, &[]).await.unwrap();
    assert_eq!(store.running_sessions_of_the_deactivated().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn many_ends_at_one_time_are_all_listed() {
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let sessions = store.collection::<Document>(SESSIONS).await.unwrap();
    let ended: Vec<Document> = (0..1_203_u128)
        .map(|number| {
            let id = protocol::SessionId::from_random(number);
            // More than a page of one time, between others.
            let at: i64 = match number {
                0 => 100,
                1_202 => 300,
                _ => 200,
            };
            doc! { "_id": id.as_str(), "code_request": id.as_str(), "user": "", "ended_at": at }
        })
        .collect();
    assert_eq!(store.mongo.insert_until_taken(&sessions, &ended).await.unwrap(), 1_203);
    let listed = store.sessions_ended_since(100).await.unwrap();
    let distinct: BTreeSet<_> = listed.iter().collect();
    assert_eq!((listed.len(), distinct.len()), (1_203, 1_203));
    assert_eq!(store.sessions_ended_since(201).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn before_the_first_settings_are_there_nothing_is_answered_wrongly() {
    use crate::store::WorkspaceStore as _;
    let database = MongoDatabase::fresh();
    let store = mongo_in(&database).await;
    let asked = store.setup().await;
    assert!(matches!(asked, Err(StoreError::Unavailable)), "{asked:?}");
}
