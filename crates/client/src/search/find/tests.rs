//! Whole searches on a store.

use protocol::rest::identity::Person;
use protocol::{ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, Role, UserId, Visibility};

use super::*;
use crate::search::{SearchProblemKind, TextRange};
use crate::store::testing::OpenFile;
use crate::store::tests::conversation;
use crate::store::{acts, conversations, entries, people};
use crate::view::MessageAct;

/// 2026-03-01 00:00 UTC; message N is N hours later.
const BEGIN: UnixMs = 1_772_323_200_000;
const HOUR: UnixMs = 60 * 60 * 1000;

fn channel(number: u128, name: &str) -> Conversation {
    Conversation {
        kind: ConversationKind::Channel,
        visibility: Visibility::Public,
        name: Some(name.to_owned()),
        members: Vec::new(),
        ..conversation(number)
    }
}

fn direct(number: u128, with: u128) -> Conversation {
    Conversation {
        kind: ConversationKind::Direct,
        visibility: Visibility::Private,
        name: None,
        members: vec![UserId::from_random(1), UserId::from_random(with)],
        ..channel(number, "")
    }
}

fn person(number: u128, name: &str, email: &str) -> Person {
    Person {
        id: UserId::from_random(number),
        name: name.to_owned(),
        title: String::new(),
        time_zone: String::new(),
        email: email.to_owned(),
        active: true,
        role: Role::Member,
        picture: None,
        version: 1,
    }
}

fn entry((conversation, seq, author): (u128, u64, u128), kind: EntryKind) -> Entry {
    Entry {
        conversation: ConversationId::from_random(conversation),
        seq,
        ordinal: seq,
        at: BEGIN + UnixMs::try_from(seq).unwrap() * HOUR,
        author: UserId::from_random(author),
        client_id: ClientId::from_random((conversation << 32) + u128::from(seq)),
        kind,
    }
}

/// Ada is person 1 and owns the store.
fn filled(messages: &[(u128, u64, u128, &str)]) -> OpenFile {
    let mut file = OpenFile::new();
    file.write(|writing| {
        for said in [
            channel(10, "general"),
            channel(11, "general-news"),
            channel(12, "küche"),
            direct(13, 2),
            direct(14, 3),
        ] {
            conversations::put(writing, &said)?;
        }
        for known in [
            person(1, "Ada Lovelace", "ada@example.org"),
            person(2, "Ben Müller", "ben@example.org"),
            person(3, "Benedikt Ott", "ott@example.org"),
        ] {
            people::put(writing, &known)?;
        }
        for (conversation, seq, author, body) in messages {
            let kind = EntryKind::message((*body).to_owned(), None);
            entries::keep(writing, &entry((*conversation, *seq, *author), kind), *seq)?;
        }
        Ok(())
    })
    .unwrap();
    file
}

fn request(text: &str) -> SearchRequest {
    SearchRequest {
        text: text.to_owned(),
        within: None,
        order: SearchOrder::Newest,
        after: None,
        limit: 50,
        utc_offset_minutes: 0,
    }
}

fn page(file: &mut OpenFile, request: &SearchRequest) -> SearchPage {
    find(file.connection(), request, BEGIN + 24 * HOUR).unwrap()
}

fn found(file: &mut OpenFile, text: &str) -> Vec<String> {
    let page = page(file, &request(text));
    assert_eq!(page.problems, [], "{text}");
    page.hits.into_iter().map(|hit| hit.message.body).collect()
}

#[test]
fn words_are_found_newest_first_in_any_case_and_without_accents() {
    let mut file = filled(&[
        (10, 1, 2, "Die Straße ist gesperrt"),
        (13, 2, 2, "strassen überall"),
        (10, 3, 1, "nothing of it"),
        (12, 4, 3, "STRASSE, noch einmal"),
    ]);
    assert_eq!(
        found(&mut file, "strasse "),
        ["STRASSE, noch einmal", "Die Straße ist gesperrt"]
    );
    assert_eq!(found(&mut file, "straße uber"), ["strassen überall"; 0]);
    assert_eq!(found(&mut file, "uberall"), ["strassen überall"]);
    assert_eq!(found(&mut file, "Stras").len(), 3);
    assert_eq!(found(&mut file, "stras ").len(), 0);
}

#[test]
fn phrases_and_words_to_leave_out() {
    let mut file = filled(&[
        (10, 1, 2, "green apple pie"),
        (10, 2, 2, "apple pie, green"),
        (10, 3, 2, "東京都に住む"),
    ]);
    assert_eq!(found(&mut file, "\"green apple\" "), ["green apple pie"]);
    assert_eq!(found(&mut file, "apple -\"green apple\" "), ["apple pie, green"]);
    assert_eq!(found(&mut file, "-apple "), ["東京都に住む"]);
    assert_eq!(found(&mut file, "京都 "), ["東京都に住む"]);
    assert_eq!(found(&mut file, "住 "), ["東京都に住む"]);
    assert_eq!(found(&mut file, "都京 "), [""; 0]);
}

#[test]
fn filters_by_author_place_and_day() {
    let mut file = filled(&[
        (10, 1, 1, "pie one"),
        (11, 2, 2, "pie two"),
        (13, 3, 2, "pie three"),
        (12, 30, 3, "pie four"),
        (14, 50, 1, "pie five"),
    ]);
    assert_eq!(found(&mut file, "pie from:me"), ["pie five", "pie one"]);
    assert_eq!(found(&mut file, "from:muller"), ["pie three", "pie two"]);
    assert_eq!(found(&mut file, "von:\"Ben Müller\" -in:general-news"), ["pie three"]);
    assert_eq!(found(&mut file, "from:ott@example.org "), ["pie four"]);
    assert_eq!(found(&mut file, "from:ben "), ["pie four", "pie three", "pie two"]);
    assert_eq!(found(&mut file, "in:#general "), ["pie one"], "not general-news");
    assert_eq!(found(&mut file, "in:gen "), ["pie two", "pie one"]);
    assert_eq!(found(&mut file, "in:kuche "), ["pie four"]);
    assert_eq!(found(&mut file, "in:müller "), ["pie three"]);
    assert_eq!(found(&mut file, "pie on:2026-03-02"), ["pie four"]);
    assert_eq!(
        found(&mut file, "pie before:2026-03-02"),
        ["pie three", "pie two", "pie one"]
    );
    assert_eq!(found(&mut file, "pie after:2026-03-01"), ["pie five", "pie four"]);
    assert_eq!(found(&mut file, "after:2026-03-01 before:2026-03-03"), ["pie four"]);
    let mut here = request("pie ");
    here.within = Some(ConversationId::from_random(14));
    assert_eq!(page(&mut file, &here).hits.len(), 1);
}

#[test]
fn what_a_filter_cannot_mean_is_named() {
    let mut file = filled(&[(10, 1, 1, "pie")]);
    let page = page(
        &mut file,
        &request("pie from:nobody in:\"no where\" on:tomorow -before:2026"),
    );
    let problems: Vec<_> = page
        .problems
        .iter()
        .map(|problem| (problem.filter.as_str(), problem.value.as_str(), problem.kind))
        .collect();
    assert_eq!(
        problems,
        [
            ("from", "nobody", SearchProblemKind::UnknownPerson),
            ("in", "no where", SearchProblemKind::UnknownConversation),
            ("on", "tomorow", SearchProblemKind::NotADate),
            ("before", "2026", SearchProblemKind::CannotExclude),
        ]
    );
    assert_eq!(page.hits, []);
}

#[test]
fn anything_can_be_looked_for() {
    let mut file = filled(&[(10, 1, 1, "it's 100% \"quoted\"; DROP TABLE entry; --")]);
    for text in [
        "'",
        "\"",
        "';--",
        "text:x",
        "marks:all",
        "a OR b",
        "NEAR(a b)",
        "{text}:a",
        "^a",
        "a*b*",
        "in:*",
        "from:\"",
        "(",
        "\u{0}",
        "col : a",
        "-",
        "*",
    ] {
        let page = page(&mut file, &request(text));
        assert!(page.hits.len() <= 1, "{text}");
    }
    assert_eq!(
        found(&mut file, "drop table"),
        ["it's 100% \"quoted\"; DROP TABLE entry; --"]
    );
}

#[test]
fn pages_follow_each_other_without_a_gap_or_a_double() {
    let bodies: Vec<String> = (1..=25).map(|number| format!("pie {number}")).collect();
    let messages: Vec<_> = (1..=25)
        .zip(&bodies)
        .map(|(seq, body)| (10, seq, 1, body.as_str()))
        .collect();
    let mut file = filled(&messages);
    for order in [SearchOrder::Newest, SearchOrder::Relevance] {
        let mut request = SearchRequest {
            order,
            limit: 10,
            ..request("pie ")
        };
        let mut seqs = Vec::new();
        loop {
            let page = page(&mut file, &request);
            seqs.extend(page.hits.iter().map(|hit| hit.message.seq));
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        assert_eq!(seqs, (1..=25).rev().collect::<Vec<_>>(), "{order:?}");
    }
}

#[test]
fn what_fits_best_stands_first_when_asked_so() {
    let mut file = filled(&[
        (10, 1, 1, "pie"),
        (
            10,
            2,
            1,
            "a very long message about many things, among them a pie that somebody once ate somewhere",
        ),
    ]);
    let mut request = request("pie ");
    assert_eq!(page(&mut file, &request).hits[0].message.seq, 2);
    request.order = SearchOrder::Relevance;
    assert_eq!(page(&mut file, &request).hits[0].message.seq, 1);
}

#[test]
fn a_hit_says_where_and_shows_the_message_as_it_is_now() {
    let mut file = filled(&[(10, 1, 1, "🍐 the Größe matters"), (10, 2, 1, "größe again")]);
    let delete = acts::WaitingAct {
        client_id: ClientId::from_random(99),
        conversation: ConversationId::from_random(10),
        target: 2,
        act: MessageAct::Delete,
        done_at: 1,
    };
    file.write(|writing| acts::add(writing, &delete)).unwrap();
    let page = page(&mut file, &request("grosse "));
    assert_eq!(page.hits.len(), 1, "what was just deleted here is not found");
    assert_eq!(page.hits[0].highlights, [TextRange { start: 7, end: 12 }]);
    assert_eq!(page.hits[0].snippet, "🍐 the Größe matters");
    assert!(page.complete && page.next.is_none());
}

#[test]
fn nothing_of_a_conversation_that_was_left_is_found() {
    let mut file = filled(&[(10, 1, 1, "pie one"), (11, 2, 2, "pie two")]);
    file.write(|writing| conversations::remove(writing, &ConversationId::from_random(10)))
        .unwrap();
    assert_eq!(found(&mut file, "pie"), ["pie two"]);
}
