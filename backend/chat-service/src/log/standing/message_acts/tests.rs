use protocol::timeline::{ConversationFold, Deletion, Written};
use protocol::{EntryKind, Visibility, timeline::MessageEdit};

use super::super::decide;
use super::*;
use crate::testing::{channel, client_id, group, message, user};

/// The first three people are in it; user(0) made it and is in it too.
fn open_channel() -> Record {
    channel(1, Visibility::Private, &[user(0), user(1), user(2), user(3)])
}

fn archived(mut record: Record) -> Record {
    record.fold = ConversationFold {
        archived: Some(Written { value: true, seq: 9 }),
        ..record.fold
    };
    record
}

/// A message of the first person.
fn written() -> StoredMessage {
    StoredMessage {
        entry: message(&open_channel().id, 4, &user(1)),
        fold: MessageFold::default(),
    }
}

fn deleted() -> StoredMessage {
    let mut message = written();
    message.fold.deleted = Some(Deletion {
        by: user(1),
        at: 0,
        seq: 5,
    });
    message
}

struct Case<'a> {
    record: &'a Record,
    target: Option<&'a StoredMessage>,
    is_administrator: bool,
}

impl<'a> Case<'a> {
    fn of(record: &'a Record, target: &'a StoredMessage) -> Self {
        Self {
            record,
            target: Some(target),
            is_administrator: false,
        }
    }

    fn outcome(&self, author: u128, touch: Touch) -> Result<Decision, ErrorCode> {
        let act = Act::Touch {
            client_id: client_id(1),
            target: 4,
            touch,
        };
        self.decide(author, act)
    }

    fn decide(&self, author: u128, act: Act) -> Result<Decision, ErrorCode> {
        let author = user(author);
        let facts = Facts {
            target: self.target,
            is_administrator: self.is_administrator,
            most_reactions: 3,
        };
        decide(self.record, &Proposal { author, act }, &facts).map_err(|refusal| refusal.code)
    }
}

fn edit(body: &str) -> Touch {
    Touch::Edit { body: body.to_owned() }
}

fn react(emoji: &str, on: bool) -> Touch {
    let emoji = emoji.to_owned();
    Touch::React { emoji, on }
}

fn every_touch() -> [Touch; 4] {
    [edit("new"), Touch::Delete, react("👍", true), Touch::Pin { on: true }]
}

fn is_appended(outcome: &Result<Decision, ErrorCode>) -> bool {
    matches!(outcome, Ok(Decision::Append { .. }))
}

#[test]
fn a_message_is_edited_by_its_author_alone() {
    let (record, target) = (open_channel(), written());
    let mut case = Case::of(&record, &target);
    let kind = EntryKind::edit(4, "new".to_owned());
    let client_id = client_id(1);
    assert_eq!(case.outcome(1, edit("new")), Ok(Decision::Append { client_id, kind }));
    case.is_administrator = true;
    for other in [0, 2] {
        assert_eq!(case.outcome(other, edit("new")), Err(ErrorCode::Forbidden));
    }
}

#[test]
fn a_message_is_deleted_by_its_author_the_owner_of_the_channel_and_administrators() {
    let (record, target) = (open_channel(), written());
    let mut case = Case::of(&record, &target);
    assert!(is_appended(&case.outcome(1, Touch::Delete)));
    assert!(is_appended(&case.outcome(0, Touch::Delete)));
    assert_eq!(case.outcome(2, Touch::Delete), Err(ErrorCode::Forbidden));
    case.is_administrator = true;
    assert!(is_appended(&case.outcome(2, Touch::Delete)));
    assert_eq!(
        case.outcome(8, Touch::Delete),
        Err(ErrorCode::NotFound),
        "an administrator who is no member knows nothing of it"
    );
}

#[test]
fn who_started_a_group_conversation_owns_nothing_in_it() {
    let record = Record {
        created_by: user(2),
        ..group(&[user(1), user(2), user(3)])
    };
    let target = written();
    let case = Case::of(&record, &target);
    assert_eq!(case.outcome(2, Touch::Delete), Err(ErrorCode::Forbidden));
    assert!(is_appended(&case.outcome(3, Touch::Pin { on: true })));
}

#[test]
fn only_members_touch_messages() {
    let target = written();
    let private = open_channel();
    let public = channel(1, Visibility::Public, &[user(1)]);
    for touch in every_touch() {
        assert_eq!(
            Case::of(&private, &target).outcome(7, touch.clone()),
            Err(ErrorCode::NotFound)
        );
        assert_eq!(Case::of(&public, &target).outcome(7, touch), Err(ErrorCode::Forbidden));
    }
}

#[test]
fn what_is_no_message_cannot_be_touched_or_answered() {
    let record = open_channel();
    let case = Case {
        record: &record,
        target: None,
        is_administrator: false,
    };
    for touch in every_touch() {
        assert_eq!(case.outcome(1, touch), Err(ErrorCode::NotFound));
    }
    let answer = |reply_to| Act::Send {
        client_id: client_id(1),
        body: "hi".to_owned(),
        reply_to,
        after: None,
    };
    assert_eq!(case.decide(1, answer(Some(4))), Err(ErrorCode::NotFound));
    assert!(is_appended(&case.decide(1, answer(None))));
    assert!(
        is_appended(&Case::of(&record, &deleted()).decide(1, answer(Some(4)))),
        "the place of a deleted message can be answered"
    );
}

#[test]
fn a_deleted_message_takes_nothing_more_and_deleting_it_again_changes_nothing() {
    let (record, target) = (open_channel(), deleted());
    let case = Case::of(&record, &target);
    for touch in [
        edit("new"),
        react("👍", true),
        react("👍", false),
        Touch::Pin { on: false },
    ] {
        assert_eq!(case.outcome(1, touch), Err(ErrorCode::MessageDeleted));
    }
    assert_eq!(case.outcome(1, Touch::Delete), Ok(Decision::Unchanged));
}

#[test]
fn what_is_so_already_changes_nothing() {
    let (record, mut target) = (open_channel(), written());
    assert_eq!(
        Case::of(&record, &target).outcome(1, edit("message 4")),
        Ok(Decision::Unchanged)
    );
    target.fold.edit = Some(MessageEdit {
        body: "new".to_owned(),
        at: 0,
        seq: 5,
        here: Vec::new(),
    });
    target.fold.pinned = Some(Written { value: true, seq: 6 });
    let thumb = ("👍".to_owned(), user(2));
    target.fold.reactions.insert(thumb, Written { value: true, seq: 7 });
    let case = Case::of(&record, &target);
    assert_eq!(case.outcome(1, edit("new")), Ok(Decision::Unchanged));
    assert!(is_appended(&case.outcome(1, edit("message 4"))), "back to what it was");
    assert_eq!(case.outcome(1, Touch::Pin { on: true }), Ok(Decision::Unchanged));
    assert!(is_appended(&case.outcome(1, Touch::Pin { on: false })));
    assert_eq!(case.outcome(2, react("👍", true)), Ok(Decision::Unchanged));
    assert_eq!(case.outcome(3, react("👍", false)), Ok(Decision::Unchanged));
    assert!(is_appended(&case.outcome(3, react("👍", true))));
    assert!(is_appended(&case.outcome(2, react("👍", false))));
}

#[test]
fn there_is_room_for_so_many_different_emoji_of_all_and_of_one_person() {
    let (record, mut target) = (open_channel(), written());
    for (seq, (emoji, person)) in [("👍", 1), ("🎉", 2), ("🙂", 3)].into_iter().enumerate() {
        let held = Written {
            value: true,
            seq: seq as u64,
        };
        target.fold.reactions.insert((emoji.to_owned(), user(person)), held);
    }
    assert_eq!(
        Case::of(&record, &target).outcome(1, react("🚀", true)),
        Err(ErrorCode::TooManyReactions)
    );
    assert!(is_appended(&Case::of(&record, &target).outcome(1, react("🎉", true))));

    for held in target.fold.reactions.values_mut() {
        held.value = false;
    }
    assert!(is_appended(&Case::of(&record, &target).outcome(1, react("🚀", true))));
    for emoji in ["🎉", "🙂"] {
        let off = Written { value: false, seq: 9 };
        target.fold.reactions.insert((emoji.to_owned(), user(1)), off);
    }
    let case = Case::of(&record, &target);
    assert_eq!(
        case.outcome(1, react("🚀", true)),
        Err(ErrorCode::TooManyReactions),
        "what one person put there and took away stays in the fold"
    );
    assert!(is_appended(&case.outcome(1, react("👍", true))), "again");
    assert!(is_appended(&case.outcome(2, react("🚀", true))), "somebody else");
}

#[test]
fn nothing_is_written_or_touched_in_an_archived_channel() {
    let (record, target) = (archived(open_channel()), written());
    let case = Case::of(&record, &target);
    for touch in every_touch() {
        assert_eq!(case.outcome(1, touch), Err(ErrorCode::Archived));
    }
    let send = Act::Send {
        client_id: client_id(1),
        body: "hi".to_owned(),
        reply_to: None,
        after: None,
    };
    assert_eq!(case.decide(1, send), Err(ErrorCode::Archived));
    for act in [
        Act::Add { person: user(9) },
        Act::Remove { person: user(2) },
        Act::Rename { name: "new".to_owned() },
        Act::SetTopic {
            topic: "new".to_owned(),
        },
    ] {
        assert_eq!(case.decide(1, act), Err(ErrorCode::Archived));
    }
    assert!(
        is_appended(&case.decide(1, Act::Remove { person: user(1) })),
        "leaving is always possible"
    );
}

#[test]
fn a_channel_is_archived_and_opened_by_its_owner_and_administrators() {
    let record = open_channel();
    let target = written();
    let mut case = Case::of(&record, &target);
    assert!(is_appended(&case.decide(0, Act::Archive { on: true })));
    assert_eq!(case.decide(0, Act::Archive { on: false }), Ok(Decision::Unchanged));
    assert_eq!(case.decide(1, Act::Archive { on: true }), Err(ErrorCode::Forbidden));
    case.is_administrator = true;
    assert!(is_appended(&case.decide(1, Act::Archive { on: true })));
    assert_eq!(case.decide(8, Act::Archive { on: true }), Err(ErrorCode::NotFound));

    let closed = archived(open_channel());
    let case = Case::of(&closed, &target);
    assert!(is_appended(&case.decide(0, Act::Archive { on: false })));
    assert_eq!(case.decide(1, Act::Archive { on: false }), Err(ErrorCode::Forbidden));

    let together = Record {
        created_by: user(1),
        ..group(&[user(1), user(2), user(3)])
    };
    let case = Case::of(&together, &target);
    assert_eq!(case.decide(1, Act::Archive { on: true }), Err(ErrorCode::Forbidden));
    let topic = Act::SetTopic {
        topic: "new".to_owned(),
    };
    assert_eq!(case.decide(1, topic), Err(ErrorCode::Forbidden));
}
