//! A file for whoever helps: what this computer and this program are like, and nothing about people.
//!
//! Every value in it is written by name below, as a number, a switch or a word of ours; no text that somebody typed or a
//! stranger sent is copied. The address of the server is the one exception, because nothing can be found out without it.

use std::io::{Cursor, Write};

use client::StoreFacts;
use client::network::CaProblem;
use client::probe::{ConnectionTest, StepOutcome, TestStep};
use client::view::Failure;
use policy::{PolicyRow, PolicyView};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::crash::CrashNote;
use super::lines;
use crate::network::NetworkView;
use crate::notifications::journal::{JournalLine, Outcome};
use crate::preferences::Preferences;

/// Settings of a policy whose values are words, numbers and switches of ours.
const PLAIN_SETTINGS: [&str; 13] = [
    "allow_other_servers",
    "proxy_mode",
    "update_channel",
    "cache_limit_days",
    "cache_limit_mib",
    "auto_start",
    "close_to_tray",
    "unload_hidden_window_minutes",
    "notification_level",
    "notification_sound",
    "notification_content_on_locked_screen",
    "do_not_disturb_hours",
    "log_level",
];

/// What a file for support is made of.
pub(super) struct Facts {
    pub(super) system: String,
    pub(super) now: i64,
    pub(super) preferences: Preferences,
    pub(super) network: NetworkView,
    pub(super) policy: PolicyView,
    pub(super) test: Option<ConnectionTest>,
    pub(super) store: Option<StoreFacts>,
    pub(super) journal: Vec<JournalLine>,
    pub(super) crash: Option<CrashNote>,
    pub(super) log: String,
}

/// The file, as it is written.
pub(super) fn zip(facts: &Facts) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let files = [
        ("about.json", pretty(&about(facts))),
        ("settings.json", pretty(&settings(&facts.preferences, &facts.network))),
        ("policy.json", pretty(&policy(&facts.policy))),
        (
            "connection.json",
            pretty(&facts.test.as_ref().map_or(Value::Null, connection)),
        ),
        ("store.json", pretty(&facts.store.map_or(Value::Null, store))),
        (
            "notifications.json",
            pretty(&facts.journal.iter().map(notification).collect()),
        ),
        ("crash.json", pretty(&json!(facts.crash))),
        ("log.txt", lines::plain(&facts.log)),
    ];
    for (name, content) in files {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn about(facts: &Facts) -> Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": facts.system,
        "kind": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "written_at": facts.now,
    })
}

fn settings(preferences: &Preferences, network: &NetworkView) -> Value {
    json!({
        "notifications": {
            "level": preferences.level,
            "sound": preferences.sound,
            "content_when_locked": preferences.content_when_locked,
            "has_quiet_hours": preferences.quiet_hours.is_some(),
            "is_paused": preferences.paused_until.is_some(),
        },
        "ends_with_window": preferences.ends_with_window,
        "proxy": {
            "mode": network.choice.mode,
            "is_decided": network.proxy_decided,
            "is_in_use": network.proxy_in_use.is_some(),
            "kind": network.proxy_in_use.as_deref().and_then(kind_of_proxy),
            "hosts_without": network.choice.bypass.len(),
            "has_login": network.user.is_some(),
            "login_for_this_run": network.login_for_this_run,
        },
        "extra_authorities": {
            "is_named": !network.choice.extra_ca_file.is_empty(),
            "is_decided": network.ca_decided,
            "fault": network.ca_fault.as_ref().map(|fault| match fault.problem {
                CaProblem::Unreadable { .. } => "unreadable",
                CaProblem::NoCertificate => "no_certificate",
                CaProblem::Broken { .. } => "broken",
            }),
        },
    })
}

fn kind_of_proxy(address: &str) -> Option<&'static str> {
    ["http", "https", "socks5"]
        .into_iter()
        .find(|kind| address.split(':').next() == Some(*kind))
}

fn policy(view: &PolicyView) -> Value {
    let row = |row: &PolicyRow| {
        let value = if PLAIN_SETTINGS.contains(&row.key.as_str()) {
            row.value.as_str()
        } else {
            "(set)"
        };
        json!({ "key": row.key, "value": value, "fixed": row.fixed })
    };
    json!({ "rows": view.rows.iter().map(row).collect::<Vec<_>>(), "faults": view.faults.len() })
}

fn connection(test: &ConnectionTest) -> Value {
    json!({
        "server": test.server,
        "started_at": test.started_at,
        "has_proxy": test.proxy.is_some(),
        "done": test.done,
        "steps": test.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &TestStep) -> Value {
    let outcome = match &step.outcome {
        StepOutcome::Fine { .. } => json!("fine"),
        StepOutcome::Skipped { why } => json!({ "skipped": why }),
        StepOutcome::ClockDiffers { seconds } => json!({ "clock_ahead_s": seconds }),
        StepOutcome::Failed { failure } => json!({ "failed": fault(failure) }),
    };
    json!({ "kind": step.kind, "took_ms": step.took_ms, "outcome": outcome })
}

/// What failed, without whom it names.
fn fault(failure: &Failure) -> Value {
    match failure {
        Failure::CertificateNotTrusted { certificate, .. } => json!({
            "reason": "certificate_not_trusted",
            "problem": certificate.problem,
            "valid_from": certificate.valid_from,
            "valid_until": certificate.valid_until,
            "fingerprint": certificate.fingerprint,
        }),
        Failure::Proxy { fault, .. } => json!({ "reason": "proxy", "fault": json!(fault)["fault"] }),
        Failure::Refused { code, .. } => json!({ "reason": "refused", "code": code }),
        other => json!({ "reason": json!(other)["reason"] }),
    }
}

fn store(facts: StoreFacts) -> Value {
    json!({
        "bytes": facts.bytes,
        "index_bytes": facts.index_bytes,
        "conversations": facts.conversations,
        "entries": facts.entries,
        "waiting": facts.waiting,
    })
}

/// When, and what came of it; not of whom or where.
fn notification(line: &JournalLine) -> Value {
    let outcome = match &line.outcome {
        Outcome::Shown { content } => json!({ "shown": { "content": content } }),
        Outcome::Silent { why } => json!({ "silent": json!(why)["why"].as_str().map_or(json!(why), |why| json!(why)) }),
        Outcome::Failed { problem } => json!({ "failed": json!(problem)["problem"] }),
    };
    json!({ "at": line.at, "outcome": outcome })
}
