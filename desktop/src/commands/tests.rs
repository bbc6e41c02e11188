//! The interface's side of the border, without a window: every command by its name and its arguments.

use std::collections::BTreeMap;

use client::view::Failure;
use serde_json::{Value, json};
use tauri::WebviewWindow;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;

use crate::opening::opening;

/// The one file of the interface that calls commands.
const INTERFACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../desktop-ui/src/bridge/tauri-host.ts");

/// Arguments a command takes, with a value of the right type for each.
#[expect(clippy::too_many_lines, reason = "a table of every command")]
fn commands() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("session", json!({})),
        ("connection", json!({})),
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
        ("pinned_messages", json!({ "conversation": "c_1" })),
        ("message_link", json!({ "conversation": "c_1", "seq": 3 })),
        ("later", json!({ "conversation": "c_1", "after": 40 })),
        ("around", json!({ "conversation": "c_1", "seq": 40 })),
        ("set_topic", json!({ "conversation": "c_1", "topic": "Lunch" })),
        ("set_archived", json!({ "conversation": "c_1", "on": true })),
        ("typing", json!({ "conversation": "c_1" })),
        ("watch", json!({ "conversations": ["c_1"], "people": ["u_1"] })),
        ("set_activity", json!({ "activity": "idle" })),
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
        ("people", json!({})),
        ("find_people", json!({ "query": "ada" })),
        ("update_profile", json!({ "change": { "name": "Ada" } })),
        ("open_link", json!({ "url": "file:///etc/passwd" })),
    ])
}

/// A window whose client answers every command with this failure.
fn window(failure: Failure) -> WebviewWindow<MockRuntime> {
    let (opener, client) = opening();
    opener.finish(Err(failure));
    let app = mock_builder()
        .plugin(tauri_plugin_opener::init())
        .manage(client)
        .invoke_handler(super::handler())
        .build(mock_context(noop_assets()))
        .unwrap();
    tauri::WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
        .build()
        .unwrap()
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str, arguments: &Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: InvokeBody::Json(arguments.clone()),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

#[test]
fn every_command_takes_its_arguments_and_answers_with_the_failure_of_the_client() {
    let window = window(Failure::SignedOut);
    for (command, arguments) in commands() {
        if command == "version" {
            assert_eq!(call(&window, command, &arguments), Ok(json!(env!("CARGO_PKG_VERSION"))));
            continue;
        }
        let expected = match command {
            "open_link" => json!({ "reason": "invalid_address", "address": "file:///etc/passwd" }),
            _ => json!({ "reason": "signed_out" }),
        };
        assert_eq!(call(&window, command, &arguments), Err(expected), "{command}");
    }
}

#[test]
fn a_command_without_its_arguments_is_refused() {
    let window = window(Failure::SignedOut);
    for (command, arguments) in commands() {
        if arguments != json!({}) {
            let refused = call(&window, command, &json!({})).unwrap_err();
            assert!(
                refused
                    .as_str()
                    .is_some_and(|text| text.contains("missing required key")),
                "{command}: {refused}"
            );
        }
    }
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
