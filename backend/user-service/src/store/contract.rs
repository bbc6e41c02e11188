//! What every adapter must keep. A rule that is left out of the list is dead code, and the build fails.

use protocol::rest::identity::Device;
use protocol::{Email, SessionId, UserId};
use service_kit::store::StoreError;

use super::{AddressDays, PeopleStore, SessionStore, SqliteStore};
use crate::people::{DirectoryPage, DirectoryPlace, FirstRole, NewPerson, Role};
use crate::sessions::{EndReason, RefreshState, Session};

/// A store of every kind, as the rules see it.
trait Store: PeopleStore + SessionStore + AddressDays {}
impl<T: PeopleStore + SessionStore + AddressDays> Store for T {}

macro_rules! every_adapter {
    ($($rule:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $rule() {
                    let folder = tempfile::tempdir().unwrap();
                    let store = super::SqliteStore::open(&folder.path().join("users.sqlite")).unwrap();
                    super::$rule(&store).await;
                }
            )*
        }
    };
}

every_adapter!(
    a_person_is_found_by_id_and_by_address_in_any_case,
    a_second_person_with_the_same_address_is_a_duplicate,
    only_the_first_of_an_empty_store_becomes_administrator,
    a_change_of_an_old_version_is_refused,
    a_changed_person_waits_to_be_announced_until_it_was,
    a_late_mark_of_an_old_version_announces_nothing_newer,
    the_directory_leaves_out_the_inactive_and_goes_on_behind_a_place,
    a_code_request_makes_one_session,
    a_session_rotates_from_one_generation_to_the_next_only,
    the_first_end_of_a_session_stands,
    an_ended_session_does_not_rotate,
    ended_sessions_are_listed_by_time_and_forgotten,
    counts_stop_at_the_limit_and_are_kept_apart,
);

fn new_person(number: u128, address: &str) -> NewPerson {
    NewPerson {
        id: UserId::from_random(number),
        email: Email::parse(address).unwrap(),
        name: format!("Person {number}"),
        role: FirstRole::Member,
        created_at: 5,
    }
}

fn session(number: u128) -> Session {
    Session {
        id: SessionId::from_random(number),
        user: UserId::from_random(1),
        code_request: format!("r_{number}"),
        device: Device {
            name: "desk".to_owned(),
            system: "Debian 12".to_owned(),
        },
        refresh: RefreshState {
            generation: 0,
            hash: [7; 32],
        },
        created_at: 10,
        used_at: 10,
        ended: None,
    }
}

async fn a_person_is_found_by_id_and_by_address_in_any_case(store: &dyn Store) {
    let ada = store.add_person(&new_person(1, "Ada@example.org")).await.unwrap();
    assert_eq!(ada.email.as_str(), "Ada@example.org");
    assert_eq!(store.person(&ada.id).await.unwrap(), Some(ada.clone()));
    let other_case = Email::parse("aDA@example.org").unwrap();
    assert_eq!(store.person_by_email(&other_case).await.unwrap(), Some(ada.clone()));
    let ids = [ada.id.clone(), UserId::from_random(9)];
    assert_eq!(store.people_by_ids(&ids).await.unwrap(), vec![ada]);
    assert_eq!(store.person(&UserId::from_random(9)).await.unwrap(), None);
}

async fn a_second_person_with_the_same_address_is_a_duplicate(store: &dyn Store) {
    store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    let second = store.add_person(&new_person(2, "ADA@example.org")).await;
    assert!(matches!(second, Err(StoreError::Duplicate)), "got {second:?}");
}

async fn only_the_first_of_an_empty_store_becomes_administrator(store: &dyn Store) {
    let first = |number, address| NewPerson {
        role: FirstRole::AdministratorIfThereIsNone,
        ..new_person(number, address)
    };
    let (ada, ben) = (first(1, "ada@example.org"), first(2, "ben@example.org"));
    let (ada, ben) = tokio::join!(store.add_person(&ada), store.add_person(&ben));
    let roles = [ada.unwrap().role, ben.unwrap().role];
    assert_eq!(
        roles.iter().filter(|role| **role == Role::Administrator).count(),
        1,
        "got {roles:?}"
    );
}

async fn a_change_of_an_old_version_is_refused(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    ada.version = 2;
    ada.title = "Analyst".to_owned();
    ada.active = false;
    assert!(store.replace_person(&ada).await.unwrap());
    assert!(
        !store.replace_person(&ada).await.unwrap(),
        "the same change again is one version too old"
    );
    assert_eq!(store.person(&ada.id).await.unwrap(), Some(ada));
}

async fn a_changed_person_waits_to_be_announced_until_it_was(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    assert_eq!(store.unannounced(10).await.unwrap(), vec![ada.clone()]);
    store.mark_announced(&ada.id, 1).await.unwrap();
    assert!(store.unannounced(10).await.unwrap().is_empty());
    ada.version = 2;
    assert!(store.replace_person(&ada).await.unwrap());
    assert_eq!(store.unannounced(10).await.unwrap(), vec![ada]);
}

async fn a_late_mark_of_an_old_version_announces_nothing_newer(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    ada.version = 2;
    assert!(store.replace_person(&ada).await.unwrap());
    store.mark_announced(&ada.id, 1).await.unwrap();
    assert_eq!(store.unannounced(10).await.unwrap().len(), 1);
    store.mark_announced(&ada.id, 2).await.unwrap();
    store.mark_announced(&ada.id, 1).await.unwrap();
    assert!(store.unannounced(10).await.unwrap().is_empty());
}

async fn the_directory_leaves_out_the_inactive_and_goes_on_behind_a_place(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    let ben = store.add_person(&new_person(2, "ben@example.org")).await.unwrap();
    let all = DirectoryPage {
        query_key: String::new(),
        after: None,
        most: 10,
    };
    assert_eq!(store.directory(&all).await.unwrap(), vec![ada.clone(), ben.clone()]);
    let place = DirectoryPlace {
        name_key: ada.name_key(),
        id: ada.id.as_str().to_owned(),
    };
    let behind_ada = DirectoryPage {
        after: Some(place),
        ..all.clone()
    };
    assert_eq!(store.directory(&behind_ada).await.unwrap(), vec![ben.clone()]);
    ada.version = 2;
    ada.active = false;
    assert!(store.replace_person(&ada).await.unwrap());
    assert_eq!(store.directory(&all).await.unwrap(), vec![ben]);
}

async fn a_code_request_makes_one_session(store: &dyn Store) {
    store.add_session(&session(1)).await.unwrap();
    let second = Session {
        id: SessionId::from_random(2),
        ..session(1)
    };
    let stored = store.add_session(&second).await;
    assert!(matches!(stored, Err(StoreError::Duplicate)), "got {stored:?}");
    assert_eq!(
        store.session(&SessionId::from_random(1)).await.unwrap(),
        Some(session(1))
    );
    assert_eq!(store.session(&SessionId::from_random(2)).await.unwrap(), None);
}

async fn a_session_rotates_from_one_generation_to_the_next_only(store: &dyn Store) {
    store.add_session(&session(1)).await.unwrap();
    let id = SessionId::from_random(1);
    let next = RefreshState {
        generation: 1,
        hash: [8; 32],
    };
    assert!(store.rotate(&id, &next, 20).await.unwrap());
    assert!(!store.rotate(&id, &next, 20).await.unwrap());
    let rotated = store.session(&id).await.unwrap().unwrap();
    assert_eq!((rotated.refresh, rotated.used_at), (next, 20));
}

async fn the_first_end_of_a_session_stands(store: &dyn Store) {
    store.add_session(&session(1)).await.unwrap();
    let id = SessionId::from_random(1);
    assert_eq!(
        store.end_session(&id, EndReason::SignedOut, 30).await.unwrap(),
        Some(30)
    );
    assert_eq!(store.end_session(&id, EndReason::Idle, 40).await.unwrap(), Some(30));
    assert_eq!(
        store.session(&id).await.unwrap().unwrap().ended.unwrap().why,
        EndReason::SignedOut
    );
    assert_eq!(
        store
            .end_session(&SessionId::from_random(9), EndReason::Idle, 40)
            .await
            .unwrap(),
        None
    );
}

async fn an_ended_session_does_not_rotate(store: &dyn Store) {
    store.add_session(&session(1)).await.unwrap();
    let id = SessionId::from_random(1);
    store.end_session(&id, EndReason::TokenReused, 30).await.unwrap();
    let next = RefreshState {
        generation: 1,
        hash: [8; 32],
    };
    assert!(!store.rotate(&id, &next, 40).await.unwrap());
}

async fn ended_sessions_are_listed_by_time_and_forgotten(store: &dyn Store) {
    for (number, ended_at) in [(1, 100), (2, 200)] {
        store.add_session(&session(number)).await.unwrap();
        store
            .end_session(&SessionId::from_random(number), EndReason::SignedOut, ended_at)
            .await
            .unwrap();
    }
    store.add_session(&session(3)).await.unwrap();
    assert_eq!(
        store.sessions_ended_since(200).await.unwrap(),
        vec![(SessionId::from_random(2), 200)]
    );
    store.forget_sessions_ended_before(200).await.unwrap();
    assert_eq!(store.session(&SessionId::from_random(1)).await.unwrap(), None);
    assert!(store.session(&SessionId::from_random(2)).await.unwrap().is_some());
    assert!(store.session(&SessionId::from_random(3)).await.unwrap().is_some());
}

async fn counts_stop_at_the_limit_and_are_kept_apart(store: &dyn Store) {
    let (ada, same, ben) = (
        Email::parse("ada@example.org").unwrap(),
        Email::parse("ADA@example.org").unwrap(),
        Email::parse("ben@example.org").unwrap(),
    );
    assert!(store.count_code(&ada, 1, 2).await.unwrap());
    assert!(store.count_code(&same, 1, 2).await.unwrap());
    assert!(!store.count_code(&ada, 1, 2).await.unwrap());
    assert!(
        store.count_try(&ada, 1, 1).await.unwrap(),
        "tries are counted beside codes"
    );
    assert!(!store.count_try(&ada, 1, 1).await.unwrap());
    assert!(store.count_code(&ada, 2, 2).await.unwrap(), "another day");
    assert!(store.count_code(&ben, 1, 2).await.unwrap(), "another address");
    store.forget_days_before(2).await.unwrap();
    assert!(store.count_code(&ada, 1, 1).await.unwrap());
    assert!(!store.count_code(&ada, 2, 1).await.unwrap());
}
