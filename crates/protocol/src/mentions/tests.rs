use std::time::{Duration, Instant};

use super::*;
use crate::timeline::MessageEdit;
use crate::{ClientId, ConversationId};

fn people(body: &str) -> Vec<String> {
    read(body).people.iter().map(ToString::to_string).collect()
}

#[test]
fn ids_name_people_and_two_words_name_many() {
    let found = read("<@u_mei> and <@u_ada>, <@u_mei>: look. <!here>");
    let named: Vec<&str> = found.people.iter().map(UserId::as_str).collect();
    assert_eq!(named, ["u_ada", "u_mei"]);
    assert!(found.here && !found.channel);
    assert!(read("(<!channel>)").channel);
    assert!(read("a <b> @mei <@> <@u mei> <@u_1 <!CHANNEL> <!> <@é>").is_empty());
    assert_eq!(people("<<@u_1>>"), ["u_1"]);
    assert!(people(&format!("<@{}>", "x".repeat(65))).is_empty());
}

#[test]
fn code_mentions_nobody() {
    for code in [
        "`<@u_1>`",
        "``a ` <@u_1>``",
        "`a\n<@u_1>`",
        r"`\` <@u_2>".trim_end_matches("<@u_2>"),
        "```\n<@u_1>\n```",
        "```rust\n\n<@u_1>\n",
        "~~~\n```\n<@u_1>\n~~~",
        "> ```\n> <@u_1>\n> ```",
        "- ok\n  ````\n  <@u_1>\n  ```\n  <@u_1>",
        "`<!channel>` `<!here>`",
    ] {
        assert!(read(code).is_empty(), "{code:?}");
    }
}

#[test]
fn what_only_looks_like_code_is_none() {
    for prose in [
        "` <@u_1>",
        "`` <@u_1> `",
        "\\`<@u_1>`",
        "`a`<@u_1>`",
        "`one\n\n<@u_1> two`",
        "- a `\n- <@u_1> `",
        "1. a `\n2. <@u_1> `",
        "```a`\n<@u_1>",
        "```\ncode\n```\n<@u_1>",
        "> ```\n> code\n<@u_1>",
        "```\n> ```\n```\n<@u_1>",
        "``<@u_1>",
    ] {
        assert_eq!(people(prose), ["u_1"], "{prose:?}");
    }
}

#[test]
fn a_backslash_takes_the_meaning_away() {
    assert!(read(r"\<@u_1> \<!channel>").is_empty());
    assert_eq!(people(r"\\<@u_1>"), ["u_1"]);
    assert_eq!(people(r"\a<@u_1>"), ["u_1"]);
    assert!(read("\\").is_empty());
}

#[test]
fn only_so_many_are_mentioned_by_name() {
    let body: Vec<String> = (0..MOST_PEOPLE + 7).map(|number| format!("<@u_{number:03}>")).collect();
    assert_eq!(read(&body.concat()).people.len(), MOST_PEOPLE);
}

#[test]
fn a_hostile_text_is_read_in_no_time() {
    let started = Instant::now();
    let runs: Vec<String> = (1..180).map(|length| "`".repeat(length)).collect();
    let growing = runs.join(" ");
    for text in ["<@", "`", "``a", "\\", "<", "> ", "```\n", growing.as_str(), "é<@"] {
        let times = 64 * 1024 / text.len();
        read(&format!("<@{}", text.repeat(times)));
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn meant_are_those_named_everybody_and_those_who_were_there() {
    let (ada, mei) = (UserId::parse("u_ada").unwrap(), UserId::parse("u_mei").unwrap());
    let here = std::slice::from_ref(&mei);
    assert!(read("<@u_ada>").meant(&ada, &[]) && !read("<@u_ada>").meant(&mei, here));
    assert!(read("<!channel>").meant(&mei, &[]));
    assert!(read("<!here>").meant(&mei, here) && !read("<!here>").meant(&ada, here));
    assert!(
        !read("no word of it").meant(&mei, here),
        "an edit may have taken it away"
    );
}

#[test]
fn a_message_mentions_whom_it_names_now_of_those_who_were_members() {
    let (ada, mei) = (UserId::parse("u_ada").unwrap(), UserId::parse("u_mei").unwrap());
    let message = |body: &str| Entry {
        conversation: ConversationId::from_random(1),
        seq: 7,
        ordinal: 3,
        at: 0,
        author: ada.clone(),
        client_id: ClientId::from_random(1),
        kind: EntryKind::message(body.to_owned(), None),
    };
    let untouched = MessageFold::default();
    assert!(mentions(&message("<@u_mei>"), &untouched, &mei, 6));
    assert!(
        !mentions(&message("<@u_mei>"), &untouched, &mei, 7),
        "written before she came"
    );
    assert!(
        !mentions(&message("<!channel> <@u_ada>"), &untouched, &ada, 0),
        "oneself"
    );

    let edit = |body: &str, here: &[&UserId]| MessageFold {
        edit: Some(MessageEdit {
            body: body.to_owned(),
            at: 1,
            seq: 9,
            here: here.iter().map(|person| (*person).clone()).collect(),
        }),
        ..MessageFold::default()
    };
    assert!(mentions(&message("hi"), &edit("<!here>", &[&mei]), &mei, 0));
    assert!(!mentions(&message("hi"), &edit("<!here>", &[&ada]), &mei, 0));
    assert!(!mentions(&message("<@u_mei>"), &edit("hi", &[]), &mei, 0));
    let mut deleted = untouched;
    deleted.deleted = Some(crate::timeline::Deletion {
        by: ada.clone(),
        at: 1,
        seq: 9,
    });
    assert!(!mentions(&message("<@u_mei>"), &deleted, &mei, 0));
}
