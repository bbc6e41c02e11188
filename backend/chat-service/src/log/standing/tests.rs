use protocol::{Entry, Visibility};

use super::*;
use crate::testing::{channel, client_id, group, message, user};

const NOTHING: Facts<'_> = Facts {
    target: None,
    is_administrator: false,
    most_reactions: 3,
};

fn outcome(record: &Record, author: u128, act: Act) -> Result<Decision, ErrorCode> {
    let author = user(author);
    decide(record, &Proposal { author, act }, &NOTHING).map_err(|refusal| refusal.code)
}

fn send() -> Act {
    Act::Send {
        client_id: client_id(1),
        body: "hi".to_owned(),
        reply_to: None,
        after: None,
    }
}

fn add(person: u128) -> Act {
    Act::Add { person: user(person) }
}

fn remove(person: u128) -> Act {
    Act::Remove { person: user(person) }
}

fn rename(name: &str) -> Act {
    Act::Rename { name: name.to_owned() }
}

fn left(mut record: Record, person: u128) -> Record {
    record.fold.apply(&Entry {
        kind: EntryKind::Left { person: user(person) },
        ..message(&record.id, 5, &user(person))
    });
    record
}

#[test]
fn a_private_channel_does_not_exist_for_strangers_and_former_members() {
    let record = left(channel(1, Visibility::Private, &[user(1), user(2)]), 2);
    for outsider in [2, 3] {
        assert!(!may_read(&record, &user(outsider)));
        for act in [send(), add(outsider), add(4), remove(1), rename("x")] {
            assert_eq!(outcome(&record, outsider, act), Err(ErrorCode::NotFound));
        }
    }
    assert_eq!(outcome(&record, 3, remove(3)), Err(ErrorCode::NotFound));
}

#[test]
fn a_public_channel_can_be_read_and_joined_by_anyone_and_changed_by_members() {
    let record = channel(1, Visibility::Public, &[user(1)]);
    assert!(may_read(&record, &user(3)));
    for act in [send(), add(4), remove(1), rename("x")] {
        assert_eq!(outcome(&record, 3, act), Err(ErrorCode::Forbidden));
    }
    assert!(matches!(
        outcome(&record, 3, add(3)),
        Ok(Decision::Append {
            kind: EntryKind::Joined { .. },
            ..
        })
    ));
}

#[test]
fn members_add_remove_rename_and_leave() {
    let record = channel(1, Visibility::Private, &[user(1), user(2)]);
    for act in [send(), add(3), remove(2), remove(1), rename("x")] {
        assert!(matches!(outcome(&record, 1, act), Ok(Decision::Append { .. })));
    }
}

#[test]
fn what_is_so_already_is_unchanged() {
    let record = left(channel(1, Visibility::Private, &[user(1), user(2)]), 2);
    for act in [add(1), remove(2), remove(9), rename("Channel 1")] {
        assert_eq!(outcome(&record, 1, act), Ok(Decision::Unchanged));
    }
    assert_eq!(
        outcome(&record, 2, remove(2)),
        Ok(Decision::Unchanged),
        "a repeated leave"
    );
}

#[test]
fn the_members_of_a_group_are_fixed_and_it_has_no_name() {
    let record = group(&[user(1), user(2), user(3)]);
    for act in [add(4), add(1), remove(2), remove(1)] {
        assert_eq!(outcome(&record, 1, act), Err(ErrorCode::MembersFixed));
    }
    assert_eq!(outcome(&record, 1, rename("x")), Err(ErrorCode::Forbidden));
    assert_eq!(outcome(&record, 4, add(4)), Err(ErrorCode::NotFound));
}

#[test]
fn a_repeated_change_has_the_same_client_id_and_the_next_one_another() {
    let record = channel(1, Visibility::Public, &[user(1)]);
    let client_id_of = |record: &Record| match outcome(record, 2, add(2)) {
        Ok(Decision::Append { client_id, .. }) => client_id,
        other => panic!("{other:?}"),
    };
    assert_eq!(client_id_of(&record), client_id_of(&record));
    assert_ne!(client_id_of(&record), client_id_of(&left(record.clone(), 2)));
}
