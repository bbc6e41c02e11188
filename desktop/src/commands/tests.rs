//! The interface's side of the border, without a window: every command by its name and its arguments.

use std::collections::BTreeMap;

use client::view::Failure;
use door::Answer;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::desk::testing::desk_without_client;
use crate::network::NetworkChoice;
use crate::preferences::Preferences;
use crate::updates::view::UpdatesView;
use crate::words::Words;

/// The one file of the interface that calls commands.
const INTERFACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../desktop-ui/src/bridge/tauri-host.ts");

/// Arguments a command takes, with a value of the right type for each.
#[expect(clippy::too_many_lines, reason = "a table of every command")]
fn commands() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("session", json!({})),
        ("connection", json!({})),
        ("server_choice", json!({})),
        ("check_server", json!({ "address": "chat.example.org" })),
        (
            "request_code",
            json!({ "server": "chat.example.org", "email": "ada@example.org" }),
        ),
        ("sign_in", json!({ "code": "123456" })),
        ("sign_out", json!({})),
        ("reconnect_now", json!({})),
        ("conversations", json!({})),
        ("open_conversation", json!({ "conversation": "c_1" })),
        ("earlier", json!({ "conversation": "c_1", "before": 40 })),
        ("start_conversation", json!({ "with": ["u_1", "u_2"] })),
        ("find_channels", json!({ "query": "gen" })),
        ("create_channel", json!({ "name": "general", "visibility": "public" })),
        ("join_channel", json!({ "conversation": "c_1" })),
        ("leave_channel", json!({ "conversation": "c_1" })),
        ("rename_channel", json!({ "conversation": "c_1", "name": "all" })),
        ("channel_members", json!({ "conversation": "c_1" })),
        ("add_member", json!({ "conversation": "c_1", "person": "u_1" })),
        ("remove_member", json!({ "conversation": "c_1", "person": "u_1" })),
        (
            "send_message",
            json!({ "conversation": "c_1", "body": "hello", "replyTo": 3 }),
        ),
        ("retry_message", json!({ "clientId": "m_1" })),
        ("discard_message", json!({ "clientId": "m_1" })),
        ("save_draft", json!({ "conversation": "c_1", "text": "hel" })),
        ("mark_read", json!({ "conversation": "c_1", "ordinal": 7 })),
        ("mark_unread", json!({ "conversation": "c_1", "ordinal": 7 })),
        (
            "act_on_message",
            json!({ "conversation": "c_1", "seq": 3, "act": { "act": "react", "emoji": "👍", "on": true } }),
        ),
        ("message_versions", json!({ "conversation": "c_1", "seq": 3 })),
        (
            "search",
            json!({ "request": {
                "text": "pie from:ben", "within": "c_1", "order": "newest", "after": null, "limit": 20, "utc_offset_minutes": 60
            } }),
        ),
        ("pinned_messages", json!({ "conversation": "c_1" })),
        ("message_link", json!({ "conversation": "c_1", "seq": 3 })),
        ("later", json!({ "conversation": "c_1", "after": 40 })),
        ("around", json!({ "conversation": "c_1", "seq": 40 })),
        ("set_topic", json!({ "conversation": "c_1", "topic": "Lunch" })),
        ("set_archived", json!({ "conversation": "c_1", "on": true })),
        ("typing", json!({ "conversation": "c_1" })),
        ("watch", json!({ "conversations": ["c_1"], "people": ["u_1"] })),
        ("set_activity", json!({ "activity": "idle" })),
        ("set_level", json!({ "conversation": "c_1", "level": "mentions" })),
        ("mentions", json!({ "before": null })),
        ("mentionable", json!({ "conversation": "c_1", "query": "a" })),
        ("presence", json!({})),
        ("read_invitation", json!({ "link": "loquat://join" })),
        ("accept_invitation", json!({ "link": "loquat://join" })),
        ("picture", json!({ "person": "u_1", "picture": "p" })),
        ("set_picture", json!({ "data": "AAAA" })),
        ("remove_picture", json!({})),
        ("sessions", json!({})),
        ("end_session", json!({ "session": "s_1" })),
        ("end_other_sessions", json!({})),
        ("workspace_settings", json!({})),
        ("change_settings", json!({ "change": { "name": "Orchard" } })),
        ("everyone", json!({ "query": "ada" })),
        (
            "change_person",
            json!({ "person": "u_1", "change": { "active": false } }),
        ),
        ("invitations", json!({})),
        ("invite", json!({ "email": "ada@example.org", "role": "member" })),
        ("withdraw_invitation", json!({ "invitation": "i_1" })),
        ("audit_log", json!({ "query": {} })),
        ("export_audit_log", json!({ "query": {} })),
        ("version", json!({})),
        ("take_link", json!({})),
        ("preferences", json!({})),
        ("set_preferences", json!({ "preferences": Preferences::default() })),
        ("organisation", json!({})),
        ("autostart", json!({})),
        ("set_autostart", json!({ "on": true })),
        ("speak", json!({ "words": Words::default() })),
        ("test_notification", json!({})),
        ("notification_journal", json!({})),
        ("support", json!({})),
        ("set_log_level", json!({ "level": "info" })),
        ("forget_crash", json!({})),
        ("save_diagnostics", json!({})),
        ("network", json!({})),
        ("set_network", json!({ "choice": NetworkChoice::default() })),
        ("set_proxy_login", json!({ "login": null })),
        ("test_connection", json!({ "server": null })),
        ("quit", json!({})),
        ("hide_window", json!({})),
        ("updates", json!({})),
        ("look_for_updates", json!({})),
        ("set_update_channel", json!({ "channel": "beta" })),
        ("install_update", json!({})),
        ("people", json!({})),
        ("find_people", json!({ "query": "ada" })),
        ("update_profile", json!({ "change": { "name": "Ada" } })),
        ("open_link", json!({ "url": "file:///etc/passwd" })),
    ])
}

/// What the interface gets for this call.
async fn call(desk: &Desk, command: &str, arguments: &Value) -> Result<Value, Value> {
    match super::call(desk, command, &arguments.to_string()).await {
        Answer::Done(value) => Ok(serde_json::from_str(value.get()).unwrap()),
        Answer::Failed(failure) => Err(serde_json::from_str(failure.get()).unwrap()),
        Answer::Wrong(what) => Err(Value::String(what)),
    }
}

#[tokio::test]
async fn every_command_takes_its_arguments_and_answers_with_the_failure_of_the_client() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_without_client(Failure::SignedOut, folder.path());
    for (command, arguments) in commands() {
        let expected = match command {
            "version" => Ok(json!(env!("CARGO_PKG_VERSION"))),
            "support" | "set_log_level" => Ok(json!(desk.support().view())),
            "forget_crash" | "take_link" | "quit" | "hide_window" | "speak" | "set_preferences"
            | "look_for_updates" | "set_update_channel" | "install_update" => Ok(Value::Null),
            "updates" => Ok(json!(UpdatesView::default())),
            "preferences" => Ok(json!(Preferences::default())),
            "notification_journal" => Ok(json!([])),
            "network" | "set_network" | "set_proxy_login" => Ok(json!(desk.network().view("").await)),
            "organisation" => Ok(json!({ "rows": [], "faults": [] })),
            "autostart" => Ok(json!({ "on": false, "possible": false, "decided": false })),
            "set_autostart" => Err(json!({ "reason": "storage", "detail": "unsupported" })),
            // What these answer depends on the desktop of whoever runs this test, and on files that are there.
            "test_notification" | "save_diagnostics" => continue,
            "open_link" => Err(json!({ "reason": "invalid_address", "address": "file:///etc/passwd" })),
            _ => Err(json!({ "reason": "signed_out" })),
        };
        assert_eq!(call(&desk, command, &arguments).await, expected, "{command}");
    }
}

#[tokio::test]
async fn a_command_without_its_arguments_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_without_client(Failure::SignedOut, folder.path());
    for (command, arguments) in commands() {
        // What may be left out has a meaning when it is.
        let required = arguments.as_object().unwrap().values().any(|value| !value.is_null());
        if required {
            let refused = call(&desk, command, &json!({})).await.unwrap_err();
            let text = refused.as_str().unwrap_or_default();
            assert!(
                text.starts_with(command) && text.contains("missing field"),
                "{command}: {refused}"
            );
        }
    }
}

#[tokio::test]
async fn a_command_that_is_not_there_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_without_client(Failure::SignedOut, folder.path());
    assert_eq!(
        call(&desk, "dance", &json!({})).await,
        Err(json!("there is no command dance"))
    );
}

#[test]
fn the_interface_calls_exactly_these_commands() {
    let interface = std::fs::read_to_string(INTERFACE).unwrap();
    let called: BTreeMap<&str, Vec<String>> = interface.split("call('").skip(1).map(call_in).collect();
    let offered: BTreeMap<&str, Vec<String>> = commands()
        .into_iter()
        .map(|(command, arguments)| (command, names_of(&arguments)))
        .collect();
    assert_eq!(called, offered);
}

/// Name and argument names of `name', { one, two: value })…`.
fn call_in(text: &str) -> (&str, Vec<String>) {
    let (name, rest) = text.split_once('\'').unwrap();
    let arguments = &rest[..rest.find(')').unwrap()];
    let inside = arguments
        .split_once('{')
        .map_or("", |(_, inside)| inside.trim_end_matches([' ', '}']));
    let name_of = |part: &str| part.split(':').next().unwrap_or_default().trim().to_owned();
    let mut names: Vec<String> = inside.split(',').map(name_of).filter(|name| !name.is_empty()).collect();
    names.sort();
    (name, names)
}

fn names_of(arguments: &Value) -> Vec<String> {
    arguments.as_object().unwrap().keys().cloned().collect()
}
