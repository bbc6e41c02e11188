//! The rules of single tables.

use std::collections::HashSet;

use protocol::{ClientId, Conversation, ReadMark, Role, UserId};

use super::{conversation, message, message_of};
use crate::change::Change;
use crate::store::testing::OpenFile;
use crate::store::{StoreError, Writing, conversations, drafts, outbox, people};
use crate::view::Failure;

#[test]
fn a_write_that_fails_tells_nothing() {
    let mut file = OpenFile::new();
    let failed = file.write(|writing| {
        conversations::put(writing, &conversation(1))?;
        Err::<(), _>(StoreError::Full)
    });
    assert!(failed.is_err());
    assert_eq!(conversations::rows(file.connection()).unwrap(), []);
}

#[test]
fn those_behind_a_message_refused_for_good_go_on_without_it() {
    let mut file = OpenFile::new();
    let said = conversation(1);
    let write = |writing: &mut Writing<'_>| {
        for (number, body) in [(1, "one"), (2, "two"), (3, "three")] {
            outbox::add(writing, &message(number, &said, body))?;
        }
        outbox::refused(writing, &ClientId::from_random(2), &Failure::SignedOut)
    };
    let ((), changes) = file.write(write).unwrap();

    let next = outbox::next(file.connection(), &HashSet::new(), 10).unwrap();
    let order: Vec<_> = next.into_iter().map(message_of).collect();
    let expected = [
        ("one".to_owned(), None),
        ("three".to_owned(), Some(ClientId::from_random(1))),
    ];
    assert_eq!(order, expected);
    let Some(Change::Pending { pending, .. }) = changes.last() else {
        panic!("{changes:?}")
    };
    assert_eq!(pending[1].failure, Some(Failure::SignedOut));

    file.write(|writing| outbox::retry(writing, ClientId::from_random(2).as_str()))
        .unwrap();
    let next = outbox::next(file.connection(), &HashSet::new(), 10).unwrap();
    assert_eq!(
        next.into_iter()
            .map(|message| message_of(message).0)
            .collect::<Vec<_>>(),
        ["one", "two", "three"]
    );
}

#[test]
fn conversations_do_not_wait_for_each_other() {
    let mut file = OpenFile::new();
    let write = |writing: &mut Writing<'_>| {
        outbox::add(writing, &message(1, &conversation(1), "one"))?;
        outbox::add(writing, &message(2, &conversation(2), "two"))?;
        outbox::add(writing, &message(3, &conversation(1), "three"))
    };
    file.write(write).unwrap();
    let in_flight = HashSet::from([ClientId::from_random(1)]);
    let next = outbox::next(file.connection(), &in_flight, 10).unwrap();
    let after: Vec<Option<ClientId>> = next.into_iter().map(|message| message_of(message).1).collect();
    assert_eq!(after, [None, Some(ClientId::from_random(1))]);
}

#[test]
fn a_draft_that_became_the_message_goes_and_another_stays() {
    let mut file = OpenFile::new();
    let id = conversation(1).id;
    file.write(|writing| drafts::put(writing, &id, "hello wor")).unwrap();
    file.write(|writing| drafts::became(writing, &id, "something else"))
        .unwrap();
    assert_eq!(drafts::of(file.connection(), &id).unwrap(), "hello wor");
    file.write(|writing| drafts::became(writing, &id, "hello world"))
        .unwrap();
    assert_eq!(drafts::of(file.connection(), &id).unwrap(), "");
}

#[test]
fn a_push_of_a_name_asks_for_the_rest_and_never_goes_back() {
    let mut file = OpenFile::new();
    let id = UserId::from_random(9);
    let person = |name: &str, version| protocol::rest::identity::Person {
        id: id.clone(),
        name: name.to_owned(),
        title: "Cook".to_owned(),
        time_zone: String::new(),
        email: "nine@example.org".to_owned(),
        active: true,
        role: Role::Member,
        picture: None,
        version,
    };
    let push = |name: &str, version| people::Renamed {
        id: id.clone(),
        name: name.to_owned(),
        active: true,
        version,
    };
    file.write(|writing| people::put(writing, &person("New", 5))).unwrap();
    file.write(|writing| people::rename(writing, &push("Old", 4))).unwrap();
    assert_eq!(people::find(file.connection(), &id).unwrap().unwrap().name, "New");
    assert_eq!(people::wanted(file.connection(), 10).unwrap(), []);

    file.write(|writing| people::rename(writing, &push("Newer", 6)))
        .unwrap();
    assert_eq!(people::find(file.connection(), &id).unwrap().unwrap().name, "Newer");
    assert_eq!(
        people::wanted(file.connection(), 10).unwrap(),
        std::slice::from_ref(&id)
    );
    file.write(|writing| people::put(writing, &person("Newer", 6))).unwrap();
    assert_eq!(people::wanted(file.connection(), 10).unwrap(), []);
}

#[test]
fn people_are_found_by_name_and_address_in_any_case() {
    let mut file = OpenFile::new();
    let person = protocol::rest::identity::Person {
        id: UserId::from_random(9),
        name: "Özge Ünal".to_owned(),
        title: String::new(),
        time_zone: String::new(),
        email: "unal@example.org".to_owned(),
        active: true,
        role: Role::Member,
        picture: None,
        version: 1,
    };
    file.write(|writing| people::put(writing, &person)).unwrap();
    for (text, found) in [("özge", 1), ("ÜNAL", 1), ("UNAL@", 1), ("", 1), ("ada", 0)] {
        assert_eq!(
            people::search(file.connection(), text).unwrap().len(),
            found,
            "{text:?}"
        );
    }
}

#[test]
fn a_read_mark_is_owed_until_the_server_took_it() {
    let mut file = OpenFile::new();
    let said = Conversation {
        ordinal: 9,
        head: 9,
        ..conversation(1)
    };
    let mark = |ordinal| ReadMark { generation: 0, ordinal };
    let write = |writing: &mut Writing<'_>| {
        conversations::put(writing, &said)?;
        conversations::raise_read(writing, &said.id, mark(7))?;
        conversations::owe_read(writing.disk, &said.id)?;
        // An older one that was on its way is no answer to this one.
        conversations::read_told(writing.disk, &said.id, mark(5))
    };
    file.write(write).unwrap();
    assert_eq!(
        conversations::owed_reads(file.connection(), 10).unwrap(),
        [(said.id.clone(), mark(7))]
    );
    file.write(|writing| conversations::read_told(writing.disk, &said.id, mark(7)))
        .unwrap();
    assert_eq!(conversations::owed_reads(file.connection(), 10).unwrap(), []);
    assert_eq!(
        conversations::row(file.connection(), &said.id).unwrap().unwrap().unread,
        2
    );
}
