//! People and their pictures.

use protocol::{Email, Role, UserId};
use service_kit::store::StoreError;

use super::{Store, lines, new_person, note};
use crate::people::{DirectoryPage, DirectoryPlace, FirstRole, NewPerson, Person, Who};
use crate::pictures::Picture;
use crate::store::Replaced;

async fn add(store: &dyn Store, number: u128, role: FirstRole) -> Person {
    let new = NewPerson {
        role,
        ..new_person(number, &format!("person{number}@example.org"))
    };
    store.add_person(&new).await.unwrap()
}

/// The next version of a person, changed.
fn changed(person: &Person, change: impl FnOnce(&mut Person)) -> Person {
    let mut person = person.clone();
    person.version += 1;
    change(&mut person);
    person
}

pub(super) async fn a_person_is_found_by_id_and_by_address_in_any_case(store: &dyn Store) {
    let ada = store.add_person(&new_person(1, "Ada@example.org")).await.unwrap();
    assert_eq!(ada.email.as_str(), "Ada@example.org");
    assert_eq!(store.person(&ada.id).await.unwrap(), Some(ada.clone()));
    let other_case = Email::parse("aDA@example.org").unwrap();
    assert_eq!(store.person_by_email(&other_case).await.unwrap(), Some(ada.clone()));
    let ids = [ada.id.clone(), UserId::from_random(9)];
    assert_eq!(store.people_by_ids(&ids).await.unwrap(), vec![ada]);
    assert_eq!(store.person(&UserId::from_random(9)).await.unwrap(), None);
}

pub(super) async fn a_second_person_with_the_same_address_is_a_duplicate(store: &dyn Store) {
    store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    let second = store.add_person(&new_person(2, "ADA@example.org")).await;
    assert!(matches!(second, Err(StoreError::Duplicate)), "got {second:?}");
}

pub(super) async fn only_the_first_of_an_empty_store_becomes_administrator(store: &dyn Store) {
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

pub(super) async fn a_change_of_an_old_version_is_refused(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    ada.version = 2;
    ada.title = "Analyst".to_owned();
    ada.active = false;
    assert_eq!(store.replace_person(&ada, &[]).await.unwrap(), Replaced::Done);
    assert_eq!(
        store.replace_person(&ada, &[note("late")]).await.unwrap(),
        Replaced::Outdated,
        "the same change again is one version too old"
    );
    assert_eq!(lines(store).await, [], "what was not stored is not noted");
    assert_eq!(store.person(&ada.id).await.unwrap(), Some(ada));
}

pub(super) async fn a_changed_person_waits_to_be_announced_until_it_was(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    assert_eq!(store.unannounced(10).await.unwrap(), vec![ada.clone()]);
    store.mark_announced(&ada.id, 1).await.unwrap();
    assert!(store.unannounced(10).await.unwrap().is_empty());
    ada.version = 2;
    assert_eq!(store.replace_person(&ada, &[]).await.unwrap(), Replaced::Done);
    assert_eq!(store.unannounced(10).await.unwrap(), vec![ada]);
}

pub(super) async fn a_late_mark_of_an_old_version_announces_nothing_newer(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    ada.version = 2;
    assert_eq!(store.replace_person(&ada, &[]).await.unwrap(), Replaced::Done);
    store.mark_announced(&ada.id, 1).await.unwrap();
    assert_eq!(store.unannounced(10).await.unwrap().len(), 1);
    store.mark_announced(&ada.id, 2).await.unwrap();
    store.mark_announced(&ada.id, 1).await.unwrap();
    assert!(store.unannounced(10).await.unwrap().is_empty());
}

pub(super) async fn the_directory_leaves_out_the_inactive_and_goes_on_behind_a_place(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    let ben = store.add_person(&new_person(2, "ben@example.org")).await.unwrap();
    let all = DirectoryPage {
        who: Who::Active,
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
    assert_eq!(store.replace_person(&ada, &[]).await.unwrap(), Replaced::Done);
    assert_eq!(store.directory(&all).await.unwrap(), vec![ben.clone()]);
    let everybody = DirectoryPage {
        who: Who::Everybody,
        ..all
    };
    assert_eq!(store.directory(&everybody).await.unwrap(), vec![ada, ben]);
}

pub(super) async fn the_last_active_administrator_stays_one(store: &dyn Store) {
    let ada = add(store, 1, FirstRole::Administrator).await;
    add(store, 2, FirstRole::Member).await;
    let demoted = changed(&ada, |ada| ada.role = Role::Member);
    let deactivated = changed(&ada, |ada| ada.active = false);
    for change in [demoted, deactivated] {
        let replaced = store.replace_person(&change, &[note("the last")]).await.unwrap();
        assert_eq!(replaced, Replaced::LastAdministrator);
    }
    assert_eq!(store.person(&ada.id).await.unwrap(), Some(ada));
    assert_eq!(lines(store).await, []);
}

pub(super) async fn two_administrators_who_remove_each_other_at_once_leave_one(store: &dyn Store) {
    let (ada, ben) = (
        add(store, 1, FirstRole::Administrator).await,
        add(store, 2, FirstRole::Administrator).await,
    );
    let without_ada = changed(&ada, |ada| ada.active = false);
    let without_ben = changed(&ben, |ben| ben.role = Role::Member);
    let (first, second) = tokio::join!(
        store.replace_person(&without_ada, &[]),
        store.replace_person(&without_ben, &[])
    );
    let mut outcomes = [first.unwrap(), second.unwrap()];
    outcomes.sort_by_key(|outcome| *outcome == Replaced::LastAdministrator);
    assert_eq!(outcomes, [Replaced::Done, Replaced::LastAdministrator]);
}

pub(super) async fn a_deactivated_administrator_does_not_count(store: &dyn Store) {
    let (ada, ben) = (
        add(store, 1, FirstRole::Administrator).await,
        add(store, 2, FirstRole::Administrator).await,
    );
    let ben_gone = changed(&ben, |ben| ben.active = false);
    assert_eq!(store.replace_person(&ben_gone, &[]).await.unwrap(), Replaced::Done);
    let ada_demoted = changed(&ada, |ada| ada.role = Role::Member);
    let replaced = store.replace_person(&ada_demoted, &[]).await.unwrap();
    assert_eq!(replaced, Replaced::LastAdministrator);
}

pub(super) async fn a_change_is_noted_with_it(store: &dyn Store) {
    let ada = add(store, 1, FirstRole::Member).await;
    let titled = changed(&ada, |ada| ada.title = "Analyst".to_owned());
    store
        .replace_person(&titled, &[note("one"), note("two")])
        .await
        .unwrap();
    assert_eq!(lines(store).await, [note("one"), note("two")]);
}

pub(super) async fn a_picture_is_found_under_its_newest_name_only(store: &dyn Store) {
    let ada = add(store, 1, FirstRole::Member).await;
    let picture = |name: &str| Picture {
        name: name.to_owned(),
        png: name.as_bytes().to_vec(),
    };
    let with = |person: &Person, name: &str| changed(person, |person| person.picture = Some(name.to_owned()));
    let first = with(&ada, "first");
    let replaced = store.replace_picture(&first, Some(&picture("first"))).await.unwrap();
    assert_eq!(replaced, Replaced::Done);
    let late = store
        .replace_picture(&with(&ada, "late"), Some(&picture("late")))
        .await
        .unwrap();
    assert_eq!(late, Replaced::Outdated);
    assert_eq!(store.picture(&ada.id, "first").await.unwrap(), Some(b"first".to_vec()));
    assert_eq!(store.picture(&ada.id, "late").await.unwrap(), None);

    let second = with(&first, "second");
    store.replace_picture(&second, Some(&picture("second"))).await.unwrap();
    assert_eq!(store.picture(&ada.id, "first").await.unwrap(), None);
    assert_eq!(
        store.picture(&ada.id, "second").await.unwrap(),
        Some(b"second".to_vec())
    );
    assert_eq!(store.picture(&UserId::from_random(9), "second").await.unwrap(), None);
    assert_eq!(store.person(&ada.id).await.unwrap(), Some(second.clone()));

    let none = changed(&second, |person| person.picture = None);
    store.replace_picture(&none, None).await.unwrap();
    assert_eq!(store.picture(&ada.id, "second").await.unwrap(), None);
}
