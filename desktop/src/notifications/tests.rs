//! Which messages are told, and what stands on the notes.

use std::collections::HashMap;
use std::time::Duration;

use client::view::{ConversationRow, MessageView, PersonView};
use protocol::{ClientId, ConversationId, ConversationKind, Membership, NotificationLevel, Role, UserId, Visibility};
use tokio::time::Instant;

use super::note::{Source, name_in};
use super::unnamed::Unnamed;
use super::verdict::{Moment, Silence, Verdict, verdict};
use crate::preferences::{Preferences, QuietHours};
use crate::window::Sight;
use crate::words::Words;

const NOON: u16 = 12 * 60;
const NOW: i64 = 1_800_000_000_000;

fn person(name: &str) -> UserId {
    UserId::parse(&format!("u_{name}")).unwrap()
}

fn row(kind: ConversationKind) -> ConversationRow {
    ConversationRow {
        id: ConversationId::parse("c_1").unwrap(),
        kind,
        visibility: Visibility::Public,
        name: (kind == ConversationKind::Channel).then(|| "general".to_owned()),
        topic: String::new(),
        archived: false,
        created_by: person("ben"),
        members: Vec::new(),
        member_count: 2,
        membership: Membership::Member,
        head: 9,
        ordinal: 9,
        last_at: NOW,
        unread: 1,
        read_ordinal: 8,
        has_draft: false,
        mentions: 0,
        level: None,
    }
}

fn message(body: &str) -> MessageView {
    MessageView {
        conversation: ConversationId::parse("c_1").unwrap(),
        seq: 9,
        ordinal: 9,
        at: NOW,
        author: person("ben"),
        client_id: ClientId::parse("m_1").unwrap(),
        body: body.to_owned(),
        edited_at: None,
        deleted_by: None,
        reactions: Vec::new(),
        pinned: false,
        reply: None,
        mentions_me: false,
        pending: false,
    }
}

/// What becomes of a message, with the usual of everything that is not said.
struct Case {
    row: ConversationRow,
    message: MessageView,
    preferences: Preferences,
    sight: Sight,
    locked: bool,
    minute: u16,
}

impl Case {
    fn direct() -> Self {
        Self {
            row: row(ConversationKind::Direct),
            message: message("Lunch?"),
            preferences: Preferences::default(),
            sight: Sight::default(),
            locked: false,
            minute: NOON,
        }
    }

    fn channel() -> Self {
        Self {
            row: row(ConversationKind::Channel),
            ..Self::direct()
        }
    }

    fn verdict(&self) -> Verdict {
        let moment = Moment {
            me: &person("ada"),
            preferences: &self.preferences,
            sight: &self.sight,
            locked: self.locked,
            now: NOW,
            minute: self.minute,
        };
        verdict(&self.row, &self.message, &moment)
    }
}

const SHOWN: Verdict = Verdict::Show {
    content: true,
    sound: true,
};

#[test]
fn a_direct_message_is_told_and_one_in_a_channel_only_when_it_mentions_me() {
    assert_eq!(Case::direct().verdict(), SHOWN);
    let mut channel = Case::channel();
    assert_eq!(channel.verdict(), Verdict::Not(Silence::NotMentioned));
    channel.message.mentions_me = true;
    assert_eq!(channel.verdict(), SHOWN);
}

#[test]
fn the_level_of_a_conversation_wins_over_that_of_the_device() {
    let mut channel = Case::channel();
    channel.row.level = Some(NotificationLevel::All);
    assert_eq!(channel.verdict(), SHOWN);
    channel.preferences.level = NotificationLevel::All;
    channel.row.level = Some(NotificationLevel::Nothing);
    channel.message.mentions_me = true;
    assert_eq!(channel.verdict(), Verdict::Not(Silence::Muted));
}

#[test]
fn what_the_person_looks_at_is_not_told_unless_the_screen_is_locked() {
    let mut case = Case::direct();
    case.sight = Sight {
        visible: true,
        focused: true,
        watched: vec![case.row.id.clone()],
    };
    assert_eq!(case.verdict(), Verdict::Not(Silence::OnScreen));
    case.sight.focused = false;
    assert_eq!(case.verdict(), SHOWN, "the window is behind another one");
    case.sight.focused = true;
    case.locked = true;
    assert!(
        matches!(case.verdict(), Verdict::Show { .. }),
        "nobody sees a locked screen"
    );
}

#[test]
fn the_lock_is_asked_for_exactly_where_it_decides() {
    for mut case in [Case::direct(), Case::channel()] {
        for watched in [Vec::new(), vec![case.row.id.clone()]] {
            case.sight = Sight {
                visible: true,
                focused: true,
                watched,
            };
            case.locked = false;
            let unlocked = case.verdict();
            case.locked = true;
            let changes = case.verdict() != unlocked;
            assert!(unlocked.depends_on_the_lock() || !changes, "{unlocked:?}");
        }
    }
    assert!(!Verdict::Not(Silence::NotMentioned).depends_on_the_lock());
}

#[test]
fn a_locked_screen_shows_no_content_unless_it_may() {
    let mut case = Case::direct();
    case.locked = true;
    assert_eq!(
        case.verdict(),
        Verdict::Show {
            content: false,
            sound: true
        }
    );
    case.preferences.content_when_locked = true;
    assert_eq!(case.verdict(), SHOWN);
}

#[test]
fn pauses_and_quiet_hours_hold_until_they_end() {
    let mut case = Case::direct();
    case.preferences.paused_until = Some(NOW + 1);
    assert_eq!(case.verdict(), Verdict::Not(Silence::Paused));
    case.preferences.paused_until = Some(NOW);
    assert_eq!(case.verdict(), SHOWN);
    case.preferences.quiet_hours = Some(QuietHours {
        from_min: NOON,
        to_min: NOON + 1,
    });
    assert_eq!(case.verdict(), Verdict::Not(Silence::QuietHours));
    case.minute = NOON + 1;
    assert_eq!(case.verdict(), SHOWN);
}

#[test]
fn own_read_deleted_and_old_messages_are_not_told() {
    let mut own = Case::direct();
    own.message.author = person("ada");
    assert_eq!(own.verdict(), Verdict::Not(Silence::Own));
    let mut read = Case::direct();
    read.row.read_ordinal = 9;
    assert_eq!(read.verdict(), Verdict::Not(Silence::Read));
    let mut deleted = Case::direct();
    deleted.message.deleted_by = Some(person("ben"));
    assert_eq!(deleted.verdict(), Verdict::Not(Silence::Deleted));
    let mut old = Case::direct();
    old.message.at = NOW - 11 * 60 * 1000;
    assert_eq!(old.verdict(), Verdict::Not(Silence::Old));
}

fn note(row: &ConversationRow, body: &str, content: bool) -> (String, String) {
    let ben = PersonView {
        id: person("ben"),
        name: "Ben Okafor".to_owned(),
        title: String::new(),
        email: String::new(),
        time_zone: String::new(),
        active: true,
        role: Role::Member,
        picture: None,
    };
    let people = HashMap::from([(person("ben"), ben)]);
    let message = message(body);
    let source = Source {
        words: &Words::default(),
        row,
        message: &message,
        name_of: &|person| name_in(&people, person),
    };
    let note = source.note(content, true);
    (note.title, note.body)
}

#[test]
fn a_note_says_who_wrote_what_and_where() {
    let said = note(&row(ConversationKind::Direct), "Lunch?", true);
    assert_eq!(said, ("Ben Okafor".to_owned(), "Lunch?".to_owned()));
    let said = note(&row(ConversationKind::Channel), "Lunch?", true);
    assert_eq!(said.0, "Ben Okafor in #general");
}

#[test]
fn a_note_names_people_and_leaves_everything_else_as_it_was_written() {
    let said = note(
        &row(ConversationKind::Direct),
        "<@u_ben> and <@u_nobody>: 1 < 2 > 0 <!here> <!channel> <",
        true,
    );
    assert_eq!(said.1, "@Ben Okafor and <@u_nobody>: 1 < 2 > 0 @here @channel <");
}

#[test]
fn a_note_without_content_names_nobody() {
    let (title, body) = note(&row(ConversationKind::Direct), "The secret plan", false);
    assert_eq!((title.as_str(), body.as_str()), ("Loquat", "New message"));
}

#[test]
fn a_long_message_is_cut_between_characters() {
    let (_, body) = note(&row(ConversationKind::Direct), &"ä".repeat(1000), true);
    assert_eq!(body.chars().count(), 241);
    assert!(body.ends_with('…'));
}

fn conversation(name: &str) -> ConversationId {
    ConversationId::parse(&format!("c_{name}")).unwrap()
}

fn bodies(told: Vec<(ConversationId, MessageView)>) -> Vec<String> {
    told.into_iter().map(|(_, message)| message.body).collect()
}

#[test]
fn a_message_waits_for_the_name_of_its_author() {
    let mut unnamed = Unnamed::default();
    let now = Instant::now();
    assert!(unnamed.hold(&conversation("1"), message("Hello"), false, now).is_none());
    assert!(unnamed.take(now, |_| false).is_empty(), "nobody knows the name yet");

    assert_eq!(bodies(unnamed.take(now, |author| *author == person("ben"))), ["Hello"]);
    assert!(unnamed.due().is_none());
}

#[test]
fn a_name_is_not_waited_for_longer_than_a_moment() {
    let mut unnamed = Unnamed::default();
    let now = Instant::now();
    assert!(unnamed.hold(&conversation("1"), message("Hello"), false, now).is_none());
    let due = unnamed.due().unwrap();
    assert!(due > now && due < now + Duration::from_secs(10));

    assert_eq!(bodies(unnamed.take(due, |_| false)), ["Hello"]);
}

#[test]
fn messages_of_one_conversation_are_told_in_order_and_others_do_not_wait_for_them() {
    let mut unnamed = Unnamed::default();
    let now = Instant::now();
    let mut of_a_stranger = message("First");
    of_a_stranger.author = person("stranger");
    let (quiet, other) = (conversation("1"), conversation("2"));
    assert!(unnamed.hold(&quiet, of_a_stranger, false, now).is_none());
    assert!(
        unnamed.hold(&quiet, message("Second"), true, now).is_none(),
        "it would overtake"
    );
    assert!(unnamed.hold(&other, message("Elsewhere"), true, now).is_some());

    assert!(unnamed.take(now, |author| *author == person("ben")).is_empty());
    assert_eq!(bodies(unnamed.take(now, |_| true)), ["First", "Second"]);
}

#[test]
fn a_flood_of_strangers_is_told_at_once_rather_than_kept_without_an_end() {
    let mut unnamed = Unnamed::default();
    let now = Instant::now();
    let held = (0..1000).filter(|_| unnamed.hold(&conversation("1"), message("Hello"), false, now).is_none());
    assert!(held.count() < 100);
}
