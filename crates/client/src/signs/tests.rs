use protocol::{ClientId, EntryKind};

use super::*;
use crate::changes::Feed;

fn me() -> UserId {
    UserId::from_random(1)
}

fn person(number: u128) -> UserId {
    UserId::from_random(number)
}

fn place(number: u128) -> ConversationId {
    ConversationId::from_random(number)
}

fn watching(conversations: &[u128], people: &[u128]) -> Signs {
    let signs = Signs::new(Feed::default(), me());
    signs.watches(Watched {
        conversations: conversations.iter().map(|number| place(*number)).collect(),
        people: people.iter().map(|number| person(*number)).collect(),
    });
    signs
}

fn typing(by: u128, at: u128) -> Sign {
    Sign::Typing {
        conversation: place(at),
        person: person(by),
    }
}

fn there(number: u128, presence: Presence, last_seen: i64) -> PresenceView {
    PresenceView {
        person: person(number),
        presence,
        last_seen: Some(last_seen),
    }
}

/// Who is said to type there, by a picture of everything.
fn types(signs: &Signs, at: u128) -> Vec<UserId> {
    let typing = signs.picture().into_iter().find_map(|change| match change {
        Change::Typing { conversation, people } if conversation == place(at) => Some(people),
        _ => None,
    });
    typing.unwrap_or_default()
}

#[test]
fn whoever_types_is_shown_for_five_seconds_after_the_last_sign() {
    let signs = watching(&[7], &[]);
    let now = Instant::now();
    signs.heard(typing(2, 7), now);
    signs.heard(typing(2, 7), now + Duration::from_secs(3));
    assert_eq!(signs.typing_ends(), Some(now + Duration::from_secs(8)));
    signs.end_typing(now + Duration::from_secs(7));
    assert_eq!(types(&signs, 7), [person(2)]);
    signs.end_typing(now + Duration::from_secs(8));
    assert_eq!(types(&signs, 7), []);
    assert_eq!(signs.typing_ends(), None);
}

#[test]
fn whoever_wrote_types_no_more_and_others_do() {
    let signs = watching(&[7], &[]);
    let now = Instant::now();
    signs.heard(typing(2, 7), now);
    signs.heard(typing(3, 7), now);
    signs.wrote(&place(7), &person(2));
    assert_eq!(types(&signs, 7), [person(3)]);
    signs.cut();
    assert_eq!(types(&signs, 7), []);
}

#[test]
fn what_was_not_asked_for_is_not_kept() {
    let signs = watching(&[7], &[2]);
    let now = Instant::now();
    signs.heard(typing(2, 8), now);
    signs.heard(typing(1, 7), now);
    signs.heard(Sign::Presence(vec![there(3, Presence::Online, 1)]), now);
    let receipts = vec![ReceiptView {
        person: person(2),
        ordinal: 4,
    }];
    let conversation = place(8);
    signs.heard(Sign::Receipts { conversation, receipts }, now);
    assert_eq!((signs.typing_ends(), signs.presence()), (None, Vec::new()));
    assert_eq!(signs.receipts(&place(8)), []);
}

#[test]
fn a_server_that_says_ever_more_fills_no_memory() {
    let signs = watching(&[7], &[2]);
    let now = Instant::now();
    for number in 2..1000 {
        signs.heard(typing(number, 7), now);
    }
    let receipts = (2..1000).map(|number| ReceiptView {
        person: person(number),
        ordinal: 1,
    });
    let receipts = receipts.collect();
    let conversation = place(7);
    signs.heard(Sign::Receipts { conversation, receipts }, now);
    assert_eq!(types(&signs, 7).len(), MOST_IN_ONE);
    assert_eq!(signs.receipts(&place(7)).len(), MOST_IN_ONE);
}

#[test]
fn presence_is_told_when_it_is_different() {
    let feed = Feed::default();
    let mut told = feed.listen();
    let signs = Signs::new(feed, me());
    signs.watches(Watched {
        conversations: Vec::new(),
        people: vec![person(2), person(3)],
    });
    let now = Instant::now();
    let say = |signs: &Signs, people: Vec<PresenceView>| signs.heard(Sign::Presence(people), now);
    say(&signs, vec![there(2, Presence::Online, 1), there(3, Presence::Away, 1)]);
    // Those who are there were last there just now, which is no news.
    say(&signs, vec![there(2, Presence::Online, 2), there(3, Presence::Away, 1)]);
    say(
        &signs,
        vec![there(2, Presence::Offline, 2), there(3, Presence::Away, 1)],
    );

    let people = told.all().into_iter().map(|change| match change {
        Change::Presence { people } => people,
        other => panic!("{other:?}"),
    });
    let expected = [
        vec![there(2, Presence::Online, 1), there(3, Presence::Away, 1)],
        vec![there(2, Presence::Offline, 2)],
    ];
    assert_eq!(people.collect::<Vec<_>>(), expected);
    signs.offline();
    assert_eq!(signs.presence(), []);
}

#[test]
fn receipts_leave_out_oneself() {
    let signs = watching(&[7], &[]);
    let receipt = |number, ordinal| ReceiptView {
        person: person(number),
        ordinal,
    };
    let conversation = place(7);
    let receipts = vec![receipt(1, 9), receipt(2, 4)];
    signs.heard(Sign::Receipts { conversation, receipts }, Instant::now());
    let conversation = place(7);
    let receipts = vec![receipt(3, 5)];
    signs.heard(Sign::Receipts { conversation, receipts }, Instant::now());
    assert_eq!(signs.receipts(&place(7)), [receipt(2, 4), receipt(3, 5)]);
}

#[test]
fn the_server_is_told_of_typing_once_in_an_interval() {
    let signs = watching(&[], &[]);
    let (now, interval) = (Instant::now(), Duration::from_secs(3));
    assert!(signs.types(place(7), interval, now));
    assert!(!signs.types(place(7), interval, now + Duration::from_secs(2)));
    assert!(signs.types(place(8), interval, now + Duration::from_secs(2)));
    assert_eq!(signs.take_typing().len(), 2);
    assert!(signs.types(place(7), interval, now + interval));
    // After a message the next key begins another one.
    signs.types_no_more(&place(7));
    assert_eq!(signs.take_typing().len(), 0);
    assert!(signs.types(place(7), interval, now + interval));
}

#[test]
fn the_screen_is_watched_first_and_no_more_than_is_allowed() {
    let signs = watching(&[], &[]);
    signs.show(Watched {
        conversations: vec![place(1), place(1), place(2), place(3)],
        people: vec![person(5), me(), person(5)],
    });
    let limits = Limits {
        watched_conversations: 2,
        watched_people: 3,
        ..Limits::default()
    };
    let partners: Vec<UserId> = (5..20).map(person).collect();
    let wanted = signs.wanted(&partners, &limits);
    assert_eq!(wanted.conversations, [place(1), place(2)]);
    assert_eq!(wanted.people, [person(5), person(6), person(7)]);
    assert!(signs.is_shown_anew() && !signs.is_shown_anew());
    let boundless = Limits {
        watched_conversations: u32::MAX,
        watched_people: u32::MAX,
        frame_bytes: u32::MAX,
        ..Limits::default()
    };
    let everybody: Vec<UserId> = (5..9000).map(person).collect();
    assert_eq!(signs.wanted(&everybody, &boundless).people.len(), MOST_PEOPLE);
}

#[test]
fn typing_that_a_message_follows_is_typing_of_it() {
    let sign = typing(2, 7);
    let mut entry = Entry {
        conversation: place(7),
        seq: 1,
        ordinal: 1,
        at: 0,
        author: person(2),
        client_id: ClientId::from_random(1),
        kind: EntryKind::message("hello".to_owned(), None),
    };
    assert!(sign.is_typing_of(&entry));
    entry.kind = EntryKind::Delete { target: 1 };
    assert!(!sign.is_typing_of(&entry));
}
