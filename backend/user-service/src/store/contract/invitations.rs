//! Invitations.

use protocol::{Email, Role, UserId};

use super::{Store, kept, lines, note};
use crate::invitations::{CodeHash, Invitation};

pub(in crate::store) fn invitation(number: u8, address: &str) -> Invitation {
    Invitation {
        id: format!("i_{number}"),
        email: Email::parse(address).unwrap(),
        role: Role::Administrator,
        invited_by: UserId::from_random(1),
        invited_at: i64::from(number),
        expires_at: 100,
        accepted_at: None,
    }
}

pub(in crate::store) fn code(number: u8) -> CodeHash {
    [number; 32]
}

async fn add(store: &dyn Store, number: u8, address: &str) {
    let note = note(&format!("invited {number}"));
    let mail = kept(&format!("mail {number}"), 5);
    store
        .add_invitation(&invitation(number, address), code(number), &note, &mail)
        .await
        .unwrap();
}

pub(super) async fn the_mail_of_an_invitation_is_kept_with_it(store: &dyn Store) {
    add(store, 1, "ada@example.org").await;
    assert_eq!(store.waiting(9).await.unwrap(), [kept("mail 1", 5)]);
    add(store, 2, "ada@example.org").await;
    store.forget("mail 1").await.unwrap();
    store.withdraw_invitation("i_2", &note("withdrawn")).await.unwrap();
    assert_eq!(store.waiting(9).await.unwrap(), [kept("mail 2", 5)]);
}

fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

pub(super) async fn an_invitation_is_accepted_once_however_many_come(store: &dyn Store) {
    add(store, 1, "ada@example.org").await;
    let code = code(1);
    let answers = tokio::join!(
        store.accept_invitation(&code, 50),
        store.accept_invitation(&code, 50),
        store.accept_invitation(&code, 50)
    );
    let accepted: Vec<Invitation> = [answers.0, answers.1, answers.2]
        .into_iter()
        .filter_map(Result::unwrap)
        .collect();
    let expected = Invitation {
        accepted_at: Some(50),
        ..invitation(1, "ada@example.org")
    };
    assert_eq!(accepted, [expected]);
}

pub(super) async fn an_invitation_ends_at_its_time(store: &dyn Store) {
    add(store, 1, "ada@example.org").await;
    assert!(store.is_invited(&email("ada@example.org"), 99).await.unwrap());
    assert!(!store.is_invited(&email("ada@example.org"), 100).await.unwrap());
    assert_eq!(store.accept_invitation(&code(1), 100).await.unwrap(), None);
    assert_eq!(
        store
            .accept_invitation_of(&email("ada@example.org"), 100)
            .await
            .unwrap(),
        None
    );
    assert!(store.accept_invitation(&code(1), 99).await.unwrap().is_some());
}

pub(super) async fn a_new_invitation_replaces_the_open_one_of_its_address(store: &dyn Store) {
    add(store, 1, "ada@example.org").await;
    add(store, 2, "ADA@example.org").await;
    add(store, 3, "ben@example.org").await;
    assert_eq!(store.accept_invitation(&code(1), 50).await.unwrap(), None);
    let listed = store.invitations(9).await.unwrap();
    let ids: Vec<&str> = listed.iter().map(|invitation| invitation.id.as_str()).collect();
    assert_eq!(ids, ["i_3", "i_2"], "the newest first");
    assert_eq!(store.invitations(1).await.unwrap().len(), 1);
    assert_eq!(store.invitation("i_1").await.unwrap(), None);
    assert_eq!(
        store.invitation("i_2").await.unwrap(),
        Some(invitation(2, "ADA@example.org"))
    );
    let noted: Vec<_> = lines(store).await;
    assert_eq!(noted, [note("invited 1"), note("invited 2"), note("invited 3")]);
}

pub(super) async fn an_invitation_is_also_accepted_by_its_address(store: &dyn Store) {
    add(store, 1, "Ada@example.org").await;
    let ada = email("aDA@example.org");
    assert!(store.is_invited(&ada, 50).await.unwrap());
    let accepted = store.accept_invitation_of(&ada, 50).await.unwrap().unwrap();
    assert_eq!((accepted.id.as_str(), accepted.accepted_at), ("i_1", Some(50)));
    assert_eq!(store.accept_invitation(&code(1), 60).await.unwrap(), None, "used");
    // Whoever accepted it may have been cut off before they were added.
    let again = store.accept_invitation_of(&ada, 60).await.unwrap();
    assert_eq!(again.unwrap().accepted_at, Some(50));
    assert_eq!(
        store.accept_invitation_of(&email("ben@example.org"), 60).await.unwrap(),
        None
    );
}

pub(super) async fn a_withdrawn_invitation_works_no_more_and_an_accepted_one_stays(store: &dyn Store) {
    add(store, 1, "ada@example.org").await;
    add(store, 2, "ben@example.org").await;
    assert!(store.withdraw_invitation("i_1", &note("withdrawn")).await.unwrap());
    assert!(!store.withdraw_invitation("i_1", &note("again")).await.unwrap());
    assert_eq!(store.accept_invitation(&code(1), 50).await.unwrap(), None);
    store.accept_invitation(&code(2), 50).await.unwrap();
    assert!(!store.withdraw_invitation("i_2", &note("late")).await.unwrap());
    assert!(store.invitation("i_2").await.unwrap().is_some());
    assert_eq!(lines(store).await[2..], [note("withdrawn")]);
}

pub(super) async fn expired_invitations_are_forgotten(store: &dyn Store) {
    add(store, 1, "ada@example.org").await;
    store.forget_invitations_before(100).await.unwrap();
    assert_eq!(store.invitations(9).await.unwrap().len(), 1);
    store.forget_invitations_before(101).await.unwrap();
    assert_eq!(store.invitations(9).await.unwrap(), []);
}
