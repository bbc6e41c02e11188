//! The page is complete and its examples are what the code speaks.

use std::collections::BTreeSet;

use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::rest::{chat, identity};
use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, ErrorCode, Limits, Membership, Problem,
    ReadMark, SessionId, UserId, Visibility,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::page::{self, ExampleKind, section};

fn the_page() -> String {
    page::read().unwrap()
}

/// The field names of a value, as they are written in JSON.
fn fields(value: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(value)
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// Every field has a row in the table of its section.
fn assert_rows(page: &str, heading: &str, fields: impl IntoIterator<Item = String>) {
    let section = section(page, heading).unwrap_or_else(|| panic!("the page has no section {heading:?}"));
    for field in fields {
        assert!(
            section.contains(&format!("\n| `{field}` |")),
            "{heading}: no row for `{field}`"
        );
    }
}

fn conversation_id() -> ConversationId {
    ConversationId::from_random(1)
}

fn client_id() -> ClientId {
    ClientId::from_random(1)
}

fn entry(kind: EntryKind) -> Entry {
    Entry {
        conversation: conversation_id(),
        seq: 1,
        ordinal: 1,
        at: 1,
        author: UserId::from_random(1),
        client_id: client_id(),
        kind,
    }
}

fn conversation() -> Conversation {
    Conversation {
        id: conversation_id(),
        kind: ConversationKind::Channel,
        visibility: Visibility::Public,
        name: None,
        members: Vec::new(),
        member_count: 0,
        membership: Membership::None,
        epoch: String::new(),
        head: 0,
        ordinal: 0,
        last_at: 0,
        read: ReadMark::default(),
        created_by: UserId::from_random(1),
    }
}

fn cursor() -> Cursor {
    Cursor {
        conversation: conversation_id(),
        epoch: String::new(),
        seq: 1,
        client_id: client_id(),
    }
}

/// One of each frame, with every optional field.
fn client_frames() -> Vec<ClientFrame> {
    let conversation = conversation_id();
    vec![
        ClientFrame::Hello {
            id: 1,
            cursors: vec![cursor()],
            more: true,
        },
        ClientFrame::Send {
            id: 1,
            conversation: conversation.clone(),
            client_id: client_id(),
            body: String::new(),
            after: Some(client_id()),
        },
        ClientFrame::Read {
            id: 1,
            conversation,
            generation: 0,
            ordinal: 0,
        },
        ClientFrame::Token {
            id: 1,
            token: String::new(),
        },
    ]
}

fn server_frames() -> Vec<ServerFrame> {
    let message = || entry(EntryKind::Message { body: String::new() });
    let (user, epoch) = (UserId::from_random(1), String::new());
    vec![
        ServerFrame::Welcome {
            id: 1,
            user: user.clone(),
            session: SessionId::from_random(1),
            server_time: 1,
            token_expires_at: 1,
            conversations: vec![conversation()],
            limits: Limits::default(),
        },
        ServerFrame::Ack {
            id: 1,
            entry: Some(message()),
        },
        ServerFrame::Refused {
            id: 1,
            code: ErrorCode::Internal,
            detail: String::new(),
            retry_after_ms: Some(1),
        },
        ServerFrame::Entry {
            epoch: epoch.clone(),
            entry: message(),
        },
        ServerFrame::Truncated {
            conversation: conversation_id(),
            epoch,
            entries: Vec::new(),
        },
        ServerFrame::Read {
            conversation: conversation_id(),
            generation: 0,
            ordinal: 0,
        },
        ServerFrame::Conversation {
            conversation: conversation(),
        },
        ServerFrame::Person {
            id: user,
            name: String::new(),
            active: true,
            version: 1,
        },
        ServerFrame::TokenExpiring { expires_at: 1 },
        ServerFrame::Goodbye {
            reason: String::new(),
            retry_after_ms: 1,
        },
    ]
}

fn type_of(frame: &impl Serialize) -> String {
    serde_json::to_value(frame).unwrap()["type"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn every_frame_and_field_is_on_the_page() {
    let page = the_page();
    let (client, server) = (client_frames(), server_frames());
    let types: Vec<String> = client.iter().map(type_of).collect();
    assert_eq!(types, ClientFrame::TYPES, "a frame has no sample here");
    let types: Vec<String> = server.iter().map(type_of).collect();
    assert_eq!(types, ServerFrame::TYPES, "a frame has no sample here");
    for frame in &client {
        assert_rows(
            &page,
            &format!("#### `{}` from the client", type_of(frame)),
            fields(frame),
        );
    }
    for frame in &server {
        assert_rows(
            &page,
            &format!("#### `{}` from the server", type_of(frame)),
            fields(frame),
        );
    }
}

#[test]
fn every_object_and_field_is_on_the_page() {
    let page = the_page();
    assert_rows(&page, "### A cursor", fields(&cursor()));
    assert_rows(&page, "### A conversation", fields(&conversation()));
    assert_rows(&page, "### A read mark", fields(&ReadMark::default()));
    let person = UserId::from_random(1);
    let kinds = [
        EntryKind::Message { body: String::new() },
        EntryKind::Joined { person: person.clone() },
        EntryKind::Left { person },
        EntryKind::Renamed { name: String::new() },
    ];
    for kind in kinds {
        let named = serde_json::to_value(&kind).unwrap()["kind"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_rows(&page, "### An entry", fields(&entry(kind)).into_iter().chain([named]));
    }
    let problem = Problem {
        retry_after_s: Some(1),
        tries_left: Some(1),
        ..Problem::new(ErrorCode::Internal, "")
    };
    assert_rows(&page, "### A problem document", fields(&problem));
}

#[test]
fn every_error_code_is_on_the_page_with_its_status() {
    let page = the_page();
    let codes = section(&page, "### Error codes").unwrap();
    for code in ErrorCode::ALL {
        let row = format!("\n| `{code}` | {} |", code.status());
        assert!(codes.contains(&row), "no row {row:?}");
    }
    let rows = codes.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(
        rows,
        ErrorCode::ALL.len(),
        "the page has a code that the protocol has not"
    );
}

#[test]
fn every_limit_is_on_the_page_with_its_default() {
    let page = the_page();
    let limits = section(&page, "### Limits").unwrap();
    let defaults = serde_json::to_value(Limits::default()).unwrap();
    for (name, value) in defaults.as_object().unwrap() {
        let row = format!("\n| `{name}` | {value} |");
        assert!(limits.contains(&row), "no row {row:?}");
    }
}

#[test]
fn every_close_code_is_on_the_page() {
    let page = the_page();
    let section = section(&page, "### Close codes").unwrap();
    let source = include_str!("../../../crates/protocol/src/close.rs");
    let codes: Vec<&str> = source
        .lines()
        .filter_map(|line| line.split_once(": u16 = ")?.1.strip_suffix(';'))
        .collect();
    assert!(codes.len() >= 8, "the list of close codes has moved");
    for code in codes {
        assert!(section.contains(&format!("\n| {code} |")), "no row for {code}");
    }
}

#[test]
fn every_example_is_what_the_code_speaks() {
    for example in page::examples(&the_page()).unwrap() {
        let parsed = match &example.kind {
            ExampleKind::Http => body_of(&example.text).map_or(Ok(()), parse::<Value>),
            ExampleKind::Send => parse::<ClientFrame>(&example.text),
            ExampleKind::Receive => parse::<ServerFrame>(&example.text),
            ExampleKind::Answer { type_name, .. } | ExampleKind::Shown { type_name } => {
                parse_named(type_name, &example.text)
            }
        };
        assert!(
            parsed.is_ok(),
            "line {}: {}\n{}",
            example.line,
            parsed.unwrap_err(),
            example.text
        );
    }
}

#[test]
fn every_request_body_is_what_the_code_reads() {
    for example in page::examples(&the_page()).unwrap() {
        let (ExampleKind::Http, Some(body)) = (&example.kind, body_of(&example.text)) else {
            continue;
        };
        let line = example.text.lines().next().unwrap();
        let parsed = match line {
            "POST /v1/auth/code" => parse::<identity::CodeRequest>(body),
            "POST /v1/auth/token" => parse::<identity::TokenRequest>(body),
            "PATCH /v1/users/me" => parse::<identity::ProfileChange>(body),
            "POST /v1/conversations" => parse::<chat::NewConversation>(body),
            _ if line.starts_with("POST /v1/conversations/") && line.ends_with("/messages") => {
                parse::<chat::NewMessage>(body)
            }
            _ if line.starts_with("PATCH /v1/conversations/") => parse::<chat::ConversationChange>(body),
            _ if line.starts_with("PUT /v1/conversations/") && line.ends_with("/read") => parse::<ReadMark>(body),
            _ => panic!("line {}: no type is known for the body of {line:?}", example.line),
        };
        assert!(parsed.is_ok(), "line {}: {}\n{body}", example.line, parsed.unwrap_err());
    }
}

#[test]
fn every_frame_has_an_example_and_every_client_frame_is_sent() {
    let examples = page::examples(&the_page()).unwrap();
    let types = |is_wanted: fn(&ExampleKind) -> bool| -> BTreeSet<String> {
        let wanted = examples.iter().filter(|example| is_wanted(&example.kind));
        let json = wanted.filter_map(|example| serde_json::from_str::<Value>(&example.text).ok());
        json.filter_map(|frame| frame["type"].as_str().map(str::to_owned))
            .collect()
    };
    let sent = types(|kind| *kind == ExampleKind::Send);
    for name in ClientFrame::TYPES {
        assert!(sent.contains(*name), "no example sends `{name}`");
    }
    let shown = types(|kind| match kind {
        ExampleKind::Receive => true,
        ExampleKind::Shown { type_name } => type_name == "frame",
        _ => false,
    });
    for name in ServerFrame::TYPES {
        assert!(shown.contains(*name), "no example shows `{name}`");
    }
}

fn body_of(request: &str) -> Option<&str> {
    request.split_once("\n\n").map(|(_, body)| body)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<(), String> {
    serde_json::from_str::<T>(text)
        .map(drop)
        .map_err(|error| error.to_string())
}

fn parse_named(type_name: &str, text: &str) -> Result<(), String> {
    match type_name {
        "frame" => parse::<ServerFrame>(text),
        "Channels" => parse::<chat::Channels>(text),
        "CodeRequested" => parse::<identity::CodeRequested>(text),
        "Conversation" => parse::<Conversation>(text),
        "Conversations" => parse::<chat::Conversations>(text),
        "Entries" => parse::<chat::Entries>(text),
        "Entry" => parse::<Entry>(text),
        "Members" => parse::<chat::Members>(text),
        "People" => parse::<identity::People>(text),
        "Person" => parse::<identity::Person>(text),
        "Problem" => parse::<Problem>(text),
        "Tokens" => parse::<identity::Tokens>(text),
        "Workspace" => parse::<identity::Workspace>(text),
        _ => Err(format!("no type is called {type_name}")),
    }
}
