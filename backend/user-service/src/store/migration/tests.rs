use protocol::rest::identity::ChannelCreation;
use protocol::{Email, SessionId, UserId};
use service_kit::store::mongo::Address;
use service_kit::store::moving::MoveError;
use test_kit::engines::MongoDatabase;

use super::*;
use crate::audit::Filter;
use crate::people::{DirectoryPage, FirstRole, NewPerson, Who};
use crate::pictures::Picture;
use crate::sessions::{EndReason, Ended, RefreshState, Seen, Session};
use crate::store::contract::invitations::{code, invitation};
use crate::store::contract::sessions::session;
use crate::store::contract::{kept, mongo_in, new_person, note};
use crate::store::{
    AddressDays as _, AuditStore as _, InvitationStore as _, PeopleStore as _, PictureStore as _, SessionStore as _,
    Store, WorkspaceStore as _,
};
use crate::workspace::Setup;

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// Something of every kind.
async fn fill(store: &SqliteStore) {
    let setup = Setup {
        name: "Ada & Co".to_owned(),
        sign_in_domains: vec!["example.org".to_owned(), "example.net".to_owned()],
        channel_creation: ChannelCreation::Administrators,
        version: 1,
    };
    store.set_up(&setup).await.unwrap();
    for number in 1..=3 {
        let role = if number == 1 {
            FirstRole::Administrator
        } else {
            FirstRole::Member
        };
        let new = new_person(number, &format!("Person{number}@example.org"));
        store.add_person(&NewPerson { role, ..new }).await.unwrap();
    }
    let mut ada = store.person(&UserId::from_random(1)).await.unwrap().unwrap();
    ada.picture = Some("face".to_owned());
    ada.version += 1;
    let picture = Picture {
        name: "face".to_owned(),
        png: vec![0, 159, 146, 150],
    };
    store.replace_picture(&ada, Some(&picture)).await.unwrap();
    store.mark_announced(&UserId::from_random(2), 1).await.unwrap();
    store.add_session(&session(1), &[note("signed in")]).await.unwrap();
    store
        .add_session(&session(2), &[note("signed in again")])
        .await
        .unwrap();
    let end = Ended {
        at: 50,
        why: EndReason::SignedOut,
    };
    store
        .end_session(&SessionId::from_random(2), end, &[note("signed out")])
        .await
        .unwrap();
    for (number, address) in [(1, "ben@example.com"), (2, "eve@example.com")] {
        let (new, mail) = (invitation(number, address), kept(&format!("mail {number}"), 5));
        store
            .add_invitation(&new, code(number), &note("invited"), &mail)
            .await
            .unwrap();
    }
    store.accept_invitation(&code(2), 7).await.unwrap();
    assert!(store.count_code(&email("ada@example.org"), 20_000, 1).await.unwrap());
}

async fn require_same(one: &dyn Store, other: &dyn Store) {
    let page = DirectoryPage {
        who: Who::Everybody,
        query_key: String::new(),
        after: None,
        most: 9,
    };
    let people = one.directory(&page).await.unwrap();
    assert_eq!((people.len(), &people), (3, &other.directory(&page).await.unwrap()));
    for person in &people {
        assert_eq!(
            other.person_by_email(&person.email).await.unwrap().as_ref(),
            Some(person)
        );
    }
    let untold = (one.unannounced(9).await.unwrap(), other.unannounced(9).await.unwrap());
    assert_eq!((untold.0.len(), &untold.0), (2, &untold.1));
    let ada = UserId::from_random(1);
    assert_eq!(other.picture(&ada, "face").await.unwrap(), Some(vec![0, 159, 146, 150]));
    for number in [1, 2] {
        let id = SessionId::from_random(number);
        assert_eq!(one.session(&id).await.unwrap(), other.session(&id).await.unwrap());
    }
    assert_eq!(
        one.unannounced_ends(9).await.unwrap().len(),
        other.unannounced_ends(9).await.unwrap().len()
    );
    assert_eq!(one.invitations(9).await.unwrap(), other.invitations(9).await.unwrap());
    assert_eq!(one.waiting(9).await.unwrap(), other.waiting(9).await.unwrap());
    assert_eq!(one.setup().await.unwrap(), other.setup().await.unwrap());
    let lines = one.audit_lines(&Filter::default(), 99).await.unwrap();
    assert_eq!(lines, other.audit_lines(&Filter::default(), 99).await.unwrap());
    assert_eq!(lines.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn everything_works_where_it_was_moved() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let source = SqliteStore::open(&file_in(folder.path(), "users")).unwrap();
    fill(&source).await;
    let mongo = Mongo::new(Address::parse(&database.url()).unwrap());

    // Begun, left, and begun again after the server had run once more.
    Move::begin(&mongo, "folder").await.unwrap();
    patiently(async || mongo.make_indexes(INDEXES).await).await.unwrap();
    let rows = Rows::open(&file_in(folder.path(), "users")).unwrap();
    let begun = Move::begin(&mongo, "folder").await.unwrap();
    for table in &TABLES[..4] {
        begun.table(&rows, table).await.unwrap();
    }
    let to = RefreshState {
        generation: 1,
        hash: [9; 32],
    };
    let seen = Seen {
        at: 77,
        address: "192.0.2.77".to_owned(),
    };
    assert!(source.rotate(&SessionId::from_random(1), &to, &seen).await.unwrap());
    migrate(folder.path(), &mongo, "folder", &|_| {}).await.unwrap();

    let target = mongo_in(&database).await;
    require_same(&source, &target).await;
    // What it does from now on goes on where the file ends.
    let stored: Session = target.session(&SessionId::from_random(1)).await.unwrap().unwrap();
    let next = RefreshState {
        generation: stored.refresh.generation + 1,
        hash: [3; 32],
    };
    assert!(target.rotate(&stored.id, &next, &seen).await.unwrap());
    assert!(target.accept_invitation(&code(1), 8).await.unwrap().is_some());
    assert!(!target.count_code(&email("ada@example.org"), 20_000, 1).await.unwrap());
    let taken = target.add_person(&new_person(9, "PERSON1@example.org")).await;
    assert!(taken.is_err(), "got {taken:?}");
    target.note(&note("and on")).await.unwrap();
    let newest = target.audit_lines(&Filter::default(), 1).await.unwrap().remove(0);
    assert_eq!((newest.seq, newest.note), (6, note("and on")));
    let other = migrate(folder.path(), &mongo, "another folder", &|_| {}).await;
    assert!(matches!(other, Err(MoveError::Occupied(_))), "got {other:?}");
}
