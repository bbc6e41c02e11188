//! The page is complete and its examples are what the code speaks.

mod samples;

use std::collections::BTreeSet;

use protocol::frame::{ClientFrame, ServerFrame};
use protocol::rest::{chat, identity};
use protocol::{ChosenLevel, Conversation, Entry, ErrorCode, Limits, Problem, ReadMark};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::samples::{client_frames, conversation, cursor, entry, entry_kinds, server_frames};
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
    assert_rows(&page, "### A level", fields(&ChosenLevel::default()));
    for kind in entry_kinds() {
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
    assert_rows(&page, "### A person", fields(&samples::person()));
    assert_rows(&page, "### An invitation", fields(&samples::invitation()));
    assert_rows(&page, "### The workspace's settings", fields(&samples::settings()));
    assert_rows(&page, "### A person's presence", fields(&samples::presence()));
    assert_rows(&page, "### A receipt", fields(&samples::receipt()));
    assert_rows(&page, "## Devices", fields(&samples::session()));
    let touched = samples::message_state();
    let state_fields = fields(&touched).into_iter().chain(fields(&touched.state));
    assert_rows(&page, "### What became of a message", state_fields);
    let event = samples::audit_event();
    assert_rows(&page, "### An audit event", fields(&event));
}

/// Every word that an audit event may say is in the row of `action`.
#[test]
fn every_audited_action_is_on_the_page() {
    let page = the_page();
    let section = section(&page, "### An audit event").unwrap();
    let row = section.lines().find(|line| line.starts_with("| `action` |")).unwrap();
    for action in samples::audit_actions() {
        assert!(row.contains(&format!("`{action}`")), "{action} is not in {row}");
    }
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
            "PATCH /v1/settings" => parse::<identity::SettingsChange>(body),
            "POST /v1/invitations" => parse::<identity::NewInvitation>(body),
            "POST /v1/conversations" => parse::<chat::NewConversation>(body),
            _ if line.starts_with("POST /v1/conversations/") && line.ends_with("/messages") => {
                parse::<chat::NewMessage>(body)
            }
            _ if line.starts_with("PATCH /v1/conversations/") && line.contains("/messages/") => {
                parse::<chat::MessageEdit>(body)
            }
            _ if line.starts_with("PATCH /v1/conversations/") => parse::<chat::ConversationChange>(body),
            _ if line.starts_with("PUT /v1/conversations/") && line.ends_with("/read") => parse::<ReadMark>(body),
            _ if line.starts_with("PUT /v1/conversations/") && line.ends_with("/level") => {
                parse::<chat::LevelChoice>(body)
            }
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
        "AuditPage" => parse::<identity::AuditPage>(text),
        "Channels" => parse::<chat::Channels>(text),
        "CodeRequested" => parse::<identity::CodeRequested>(text),
        "Conversation" => parse::<Conversation>(text),
        "Conversations" => parse::<chat::Conversations>(text),
        "Entries" => parse::<chat::Entries>(text),
        "Entry" => parse::<Entry>(text),
        "Invitation" => parse::<identity::Invitation>(text),
        "ChosenLevel" => parse::<ChosenLevel>(text),
        "Mentions" => parse::<chat::Mentions>(text),
        "Members" => parse::<chat::Members>(text),
        "People" => parse::<identity::People>(text),
        "Person" => parse::<identity::Person>(text),
        "Pins" => parse::<chat::Pins>(text),
        "PresentPeople" => parse::<chat::PresentPeople>(text),
        "Problem" => parse::<Problem>(text),
        "Tokens" => parse::<identity::Tokens>(text),
        "Sessions" => parse::<identity::Sessions>(text),
        "Versions" => parse::<chat::Versions>(text),
        "Workspace" => parse::<identity::Workspace>(text),
        "WorkspaceSettings" => parse::<identity::WorkspaceSettings>(text),
        _ => Err(format!("no type is called {type_name}")),
    }
}
