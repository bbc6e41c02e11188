//! What must hold when sixteen do the same at once.

use std::collections::BTreeSet;
use std::future::Future;

use futures_util::future::join_all;
use protocol::{Email, Role, SessionId, UserId};
use service_kit::store::StoreError;

use super::invitations::{code, invitation};
use super::sessions::{end, seen, session};
use super::{Store, kept, lines, new_person, note};
use crate::people::{FirstRole, NewPerson, Person};
use crate::pictures::Picture;
use crate::sessions::{EndReason, RefreshState, Session};
use crate::store::Replaced;

const SIXTEEN: u32 = 16;

/// What sixteen get who all begin before one of them is done.
async fn sixteen<F: Future>(one: impl Fn(u32) -> F) -> Vec<F::Output> {
    join_all((1..=SIXTEEN).map(one)).await
}

/// How many of them were the one that had to be.
fn how_many<T>(outcomes: &[T], fits: impl Fn(&T) -> bool) -> usize {
    outcomes.iter().filter(|outcome| fits(outcome)).count()
}

async fn add(store: &dyn Store, number: u32, role: FirstRole) -> Person {
    let new = NewPerson {
        role,
        ..new_person(u128::from(number), &format!("person{number}@example.org"))
    };
    store.add_person(&new).await.unwrap()
}

async fn everybody(store: &dyn Store) -> Vec<Person> {
    let ids: Vec<UserId> = (1..=SIXTEEN)
        .map(|number| UserId::from_random(u128::from(number)))
        .collect();
    store.people_by_ids(&ids).await.unwrap()
}

pub(super) async fn sixteen_who_come_first_are_all_there_and_one_is_administrator(store: &dyn Store) {
    let added = sixteen(|number| add(store, number, FirstRole::AdministratorIfThereIsNone)).await;
    let told = how_many(&added, |person| person.role == Role::Administrator);
    let stored = everybody(store).await;
    assert_eq!(stored.len(), 16);
    let administrators: Vec<&Person> = stored.iter().filter(|person| person.is_administrator()).collect();
    assert_eq!(administrators.len(), 1);
    assert!(told <= 1, "nobody is told a role they do not have");
    let late = add(store, 17, FirstRole::AdministratorIfThereIsNone).await;
    assert_eq!(late.role, Role::Member);
}

pub(super) async fn sixteen_with_one_address_are_one_person(store: &dyn Store) {
    let added = sixteen(async |number| {
        store
            .add_person(&new_person(u128::from(number), "ada@example.org"))
            .await
    })
    .await;
    assert_eq!(how_many(&added, Result::is_ok), 1);
    assert_eq!(
        how_many(&added, |outcome| matches!(outcome, Err(StoreError::Duplicate))),
        15
    );
    assert_eq!(everybody(store).await.len(), 1);
}

pub(super) async fn sixteen_administrators_who_remove_each_other_leave_one(store: &dyn Store) {
    sixteen(|number| add(store, number, FirstRole::Administrator)).await;
    let people = everybody(store).await;
    let removed = join_all(people.into_iter().enumerate().map(async |(place, mut person)| {
        person.version += 1;
        if place % 2 == 0 {
            person.active = false;
        } else {
            person.role = Role::Member;
        }
        store.replace_person(&person, &[]).await.unwrap()
    }))
    .await;
    assert_eq!(how_many(&removed, |outcome| *outcome == Replaced::Done), 15);
    assert_eq!(how_many(&removed, |outcome| *outcome == Replaced::LastAdministrator), 1);
    assert_eq!(how_many(&everybody(store).await, Person::is_administrator), 1);
}

pub(super) async fn sixteen_changes_of_one_version_are_one_change(store: &dyn Store) {
    let ada = add(store, 1, FirstRole::Member).await;
    let replaced = sixteen(async |number| {
        let mut changed = ada.clone();
        changed.version += 1;
        changed.title = format!("title {number}");
        store.replace_person(&changed, &[note(&changed.title)]).await.unwrap()
    })
    .await;
    assert_eq!(how_many(&replaced, |outcome| *outcome == Replaced::Done), 1);
    let stored = store.person(&ada.id).await.unwrap().unwrap();
    assert_eq!(stored.version, 2);
    assert_eq!(lines(store).await, [note(&stored.title)], "only that one is noted");
}

pub(super) async fn sixteen_pictures_of_one_version_are_one_picture(store: &dyn Store) {
    let ada = add(store, 1, FirstRole::Member).await;
    // Half of them are the same picture.
    let name = |number: u32| format!("picture {}", number / 2);
    let replaced = sixteen(async |number| {
        let mut changed = ada.clone();
        changed.version += 1;
        changed.picture = Some(name(number));
        let picture = Picture {
            name: name(number),
            png: name(number).into_bytes(),
        };
        store.replace_picture(&changed, Some(&picture)).await.unwrap()
    })
    .await;
    assert_eq!(how_many(&replaced, |outcome| *outcome == Replaced::Done), 1);
    let held = store.person(&ada.id).await.unwrap().unwrap().picture.unwrap();
    let png = store.picture(&ada.id, &held).await.unwrap();
    assert_eq!(png, Some(held.into_bytes()));
}

pub(super) async fn sixteen_with_one_code_get_one_session(store: &dyn Store) {
    let added = sixteen(async |number| {
        let new = Session {
            id: SessionId::from_random(u128::from(number)),
            ..session(99)
        };
        store.add_session(&new, &[note("signed in")]).await
    })
    .await;
    assert_eq!(how_many(&added, Result::is_ok), 1);
    let refused = how_many(&added, |outcome| matches!(outcome, Err(StoreError::Duplicate)));
    assert_eq!(refused, 15);
    assert_eq!(lines(store).await, [note("signed in")]);
}

pub(super) async fn sixteen_refreshes_rotate_once(store: &dyn Store) {
    store.add_session(&session(1), &[]).await.unwrap();
    let next = RefreshState {
        generation: 1,
        hash: [8; 32],
    };
    let id = SessionId::from_random(1);
    let rotated = sixteen(async |_| store.rotate(&id, &next, &seen(20)).await.unwrap()).await;
    assert_eq!(how_many(&rotated, |rotated| *rotated), 1);
}

pub(super) async fn sixteen_ends_are_one_end(store: &dyn Store) {
    store.add_session(&session(1), &[]).await.unwrap();
    let id = SessionId::from_random(1);
    let ended = sixteen(async |number| {
        let at = end(EndReason::Revoked, i64::from(number));
        store.end_session(&id, at, &[note("ended")]).await.unwrap()
    })
    .await;
    let first = store.session(&id).await.unwrap().unwrap().ended.unwrap();
    assert_eq!(how_many(&ended, |at| *at == Some(first.at)), 16);
    assert_eq!(lines(store).await, [note("ended")]);
    assert_eq!(store.unannounced_ends(9).await.unwrap().len(), 1);
}

pub(super) async fn sixteen_with_one_invitation_are_one(store: &dyn Store) {
    let invited = invitation(1, "ada@example.org");
    let (noted, mail) = (note("invited"), kept("mail", 5));
    store.add_invitation(&invited, code(1), &noted, &mail).await.unwrap();
    let accepted = sixteen(async |_| store.accept_invitation(&code(1), 50).await.unwrap()).await;
    assert_eq!(how_many(&accepted, Option::is_some), 1);
    let ada = Email::parse("ada@example.org").unwrap();
    let again = sixteen(async |_| store.accept_invitation_of(&ada, 60).await.unwrap()).await;
    assert!(again.iter().flatten().all(|found| found.accepted_at == Some(50)));
    assert_eq!(
        how_many(&again, Option::is_some),
        16,
        "whoever was cut off comes in again"
    );
}

pub(super) async fn sixteen_invitations_of_one_address_leave_one_open(store: &dyn Store) {
    let numbers = 1..=16_u8;
    let (store, invited) = (
        store,
        numbers.clone().map(async |number| {
            let mail = kept(&format!("mail {number:02}"), 5);
            let noted = note(&format!("invited {number:02}"));
            let new = invitation(number, "ada@example.org");
            store.add_invitation(&new, code(number), &noted, &mail).await.unwrap();
        }),
    );
    join_all(invited).await;
    let listed = store.invitations(99).await.unwrap();
    assert_eq!(listed.len(), 1);
    let mut accepted = Vec::new();
    for number in numbers {
        accepted.extend(store.accept_invitation(&code(number), 50).await.unwrap());
    }
    assert_eq!(accepted.len(), 1);
    assert_eq!(
        accepted[0].id, listed[0].id,
        "the code that works is that of the one that stands"
    );
    let noted: BTreeSet<String> = lines(store).await.into_iter().map(|line| line.detail).collect();
    assert_eq!(noted.len(), 16);
    assert_eq!(store.waiting(99).await.unwrap().len(), 16);
}

pub(super) async fn an_invitation_that_is_accepted_and_withdrawn_at_once_is_one_of_both(store: &dyn Store) {
    for number in 1..=8 {
        let new = invitation(number, &format!("person{number}@example.org"));
        let mail = kept(&new.id, 5);
        store
            .add_invitation(&new, code(number), &note("invited"), &mail)
            .await
            .unwrap();
        let (accepted, withdrawn) = tokio::join!(
            async { store.accept_invitation(&code(number), 50).await.unwrap() },
            async { store.withdraw_invitation(&new.id, &note("withdrawn")).await.unwrap() },
        );
        assert_ne!(accepted.is_some(), withdrawn);
        assert_eq!(store.invitation(&new.id).await.unwrap().is_some(), !withdrawn);
    }
}

pub(super) async fn sixteen_first_settings_are_one(store: &dyn Store) {
    let setup = super::workspace::setup;
    sixteen(async |number| store.set_up(&setup(&format!("Name {number}"), 1)).await.unwrap()).await;
    let first = store.setup().await.unwrap();
    let changed = sixteen(async |number| {
        let changed = setup(&format!("Changed {number}"), 2);
        store.replace_setup(&changed, &note(&changed.name)).await.unwrap()
    })
    .await;
    assert_eq!(how_many(&changed, |changed| *changed), 1);
    let stored = store.setup().await.unwrap();
    assert_ne!(stored.name, first.name);
    assert_eq!(lines(store).await, [note(&stored.name)]);
}

pub(super) async fn sixteen_counts_stop_at_the_limit(store: &dyn Store) {
    let ada = Email::parse("ada@example.org").unwrap();
    let codes = sixteen(async |_| store.count_code(&ada, 1, 5).await.unwrap()).await;
    assert_eq!(how_many(&codes, |counted| *counted), 5);
    let tries = sixteen(async |_| store.count_try(&ada, 1, 3).await.unwrap()).await;
    assert_eq!(how_many(&tries, |counted| *counted), 3);
}

pub(super) async fn sixteen_notes_all_have_a_place_of_their_own(store: &dyn Store) {
    sixteen(async |number| {
        store.note(&note(&format!("{number}"))).await.unwrap();
        let session = session(u128::from(number));
        store.add_session(&session, &[note("signed in")]).await.unwrap();
    })
    .await;
    let lines = store.audit_lines(&crate::audit::Filter::default(), 99).await.unwrap();
    assert_eq!(lines.len(), 32);
    let places: BTreeSet<u64> = lines.iter().map(|line| line.seq).collect();
    assert_eq!(places, (1..=32).collect(), "one after the other, and none left out");
}
