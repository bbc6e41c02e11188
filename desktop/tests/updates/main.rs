//! The resident app takes the place of itself: the real process, a real server, and files that are really replaced.
//!
//! A script stands for the `AppImage`: it says its name and becomes the app. The test is the window.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a harness fails where it stands")]

mod resident;

use serde_json::{Value, json};
use test_kit::update_server::Answer;
use test_kit::wait::until;

use resident::{PATIENCE, Resident};

/// Far above the version of any build of this test.
const NEW: &str = "999.0.0";

#[tokio::test]
async fn a_new_version_takes_over_and_lives() {
    let mut resident = Resident::start().await;
    let new = resident.script("new");
    resident.publish(NEW, new.as_bytes());

    resident.look_until("ready").await;
    assert_eq!(resident.installed(), resident.script("old").as_bytes());
    resident.tell("install_update").await;

    resident.until_started(&["old", "new"]).await;
    resident.until_the_first_ended().await;
    assert_eq!(resident.installed(), new.as_bytes());
    // It is the same program inside, so it knows that it is not what was promised, and does not go round in circles.
    let state = resident.until_state("failed").await;
    assert_eq!(state["problem"]["problem"], json!("did_not_start"), "{state}");
    resident.quit().await;
}

#[tokio::test]
async fn a_new_version_that_does_not_start_is_replaced_by_the_old_one() {
    let mut resident = Resident::start().await;
    let old = resident.installed();
    resident.publish(NEW, b"#!/bin/sh\nexit 7\n");

    resident.look_until("ready").await;
    resident.tell("install_update").await;

    resident.until_started(&["old", "old"]).await;
    resident.until_the_first_ended().await;
    assert_eq!(resident.installed(), old);
    let state = resident.until_state("failed").await;
    assert_eq!(state["problem"]["problem"], json!("did_not_start"), "{state}");
    resident.quit().await;
}

#[tokio::test]
async fn a_file_with_a_wrong_signature_never_becomes_the_app() {
    let mut resident = Resident::start().await;
    let old = resident.installed();
    resident.publish(NEW, b"good");
    let name = resident::file_of(NEW);
    resident.server.put(&name, Answer::File("evil".into()));

    let state = resident.look_until("failed").await;

    assert_eq!(state["problem"]["problem"], json!("signature"), "{state}");
    resident.tell("install_update").await;
    assert_eq!(resident.installed(), old);
    resident.quit().await;
}

#[tokio::test]
async fn the_power_may_go_at_any_moment_of_an_install() {
    let mut resident = Resident::start().await;
    let old = resident.installed();
    // Large enough that reading it takes its time. The shell never reads what follows `exec`.
    let mut new = resident.script("new").into_bytes();
    new.resize(6 * 1024 * 1024, b'\n');
    resident.publish(NEW, &new);
    // A test that looks too late sees the last sign, and kills there.
    let signs: [fn(&Resident) -> bool; 4] = [
        |resident| resident.hidden("new").is_some_and(|bytes| bytes > 0) || resident.installed().len() > 1024,
        |resident| {
            resident.hidden("new").is_some_and(|bytes| bytes >= 6 * 1024 * 1024) || resident.installed().len() > 1024
        },
        |resident| resident.hidden("old").is_some(),
        |resident| resident.installed().len() > 1024,
    ];
    for (number, sign) in signs.iter().enumerate() {
        resident.look_until("ready").await;
        resident.tell("install_update").await;
        let seen = || std::future::ready(sign(&resident).then_some(()));
        until(&format!("sign {number} of an install"), PATIENCE, seen)
            .await
            .unwrap();

        resident.kill();

        let there = resident.installed();
        assert!(there == old || there == new, "half a file after sign {number}");
        resident.put_back(&old);
        resident.start_again().await;
    }
    resident.quit().await;
}

#[tokio::test]
async fn the_window_hears_how_it_goes_without_asking() {
    let mut resident = Resident::start().await;
    resident.publish(NEW, b"new");
    resident.ask("look_for_updates").await;
    let is_ready =
        |change: &Value| change["change"] == json!("updates") && change["updates"]["state"]["state"] == json!("ready");
    let change = resident.until_change(is_ready).await;
    assert_eq!(change["updates"]["state"]["update"]["notes"], json!("New."));
    resident.quit().await;
}
