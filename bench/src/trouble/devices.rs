//! Devices that die, and devices that do not know what time it is.

use anyhow::ensure;
use protocol::Entry;
use protocol::rest::chat::NewMessage;
use reqwest::Method;
use test_kit::wait::{self, PATIENCE};

use super::Outcome;
use super::stage::{Stage, check_kept, settled, sign_in};
use crate::device::State;
use crate::drawing::draw;

const UNSENT: u64 = 25;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) async fn a_device_killed_with_unsent_messages_sends_them_in_order(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut play = stage.play().await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let conversation = play.direct(&ada, &ben).await?.id;
    let device = stage
        .device("ada@example.org", &play.server.url(), play.server.console())
        .await?;
    device.write(&conversation, "sent").await?;
    settled(&device, &conversation).await?;

    play.server.kill().await?;
    let mut bodies = vec!["sent".to_owned()];
    for number in 0..UNSENT {
        let body = format!("unsent {number}");
        device.write(&conversation, &body).await?;
        bodies.push(body);
    }
    device.kill().await?;
    device.reopen().await?;

    let state = device.state().await?;
    ensure!(
        state.signed_in && state.unsent == UNSENT,
        "without a server the device is {state:?}"
    );
    ensure!(
        device.view(&conversation).await?.len() == 1,
        "what was there before is not shown without a server"
    );

    play.server.restart().await?;
    let look = || async { device.state().await.ok().filter(|state| state.unsent < UNSENT) };
    wait::until("the first unsent message to be stored", PATIENCE, look).await?;
    device.kill().await?;
    device.reopen().await?;
    settled(&device, &conversation).await?;

    let stored = play.rest.log(&ben.access_token, &conversation).await?;
    let shown = device.view(&conversation).await?;
    ensure!(
        stored.len() == bodies.len(),
        "{} entries for {} messages",
        stored.len(),
        bodies.len()
    );
    check_kept(&ada, &conversation, &bodies, stored, Some(shown))?;
    Ok(Outcome::Held)
}

pub(super) async fn a_clock_wrong_by_a_day_changes_nothing(stage: &Stage) -> anyhow::Result<Outcome> {
    // Tokens end within seconds, so that everything that reckons with time does it here.
    let play = stage
        .play_with(stage.settings().with("ACCESS_TOKEN_LIFETIME_S", "5"))
        .await?;
    for (name, ahead_ms) in [("early", -DAY_MS), ("late", DAY_MS)] {
        let reader = play.person(&format!("reader-of-{name}@example.org")).await?;
        let device = stage.device_with_clock(name, &play.server.url(), ahead_ms).await?;
        let user = sign_in(&device, &format!("{name}@example.org"), play.server.console()).await?;
        let conversation = play.direct_with(&reader, &user).await?.id;
        let knows = |state: &State| state.heads.iter().any(|(known, _)| *known == conversation);
        device.until("to know the conversation", knows).await?;

        device.write(&conversation, "first").await?;
        settled(&device, &conversation).await?;
        let ended = || async {
            play.rest
                .get("/v1/users/me", Some(&reader.access_token))
                .await
                .ok()?
                .problem()
                .ok()
        };
        wait::until("the first tokens to end", PATIENCE, ended).await?;
        device.write(&conversation, "second").await?;
        settled(&device, &conversation).await?;

        let reader = play.rest.refresh(&reader.refresh_token).await?;
        let path = format!("/v1/conversations/{conversation}/messages");
        let request = play.rest.request(Method::POST, &path, Some(&reader.access_token));
        let request = request.header("Idempotency-Key", "m_by_the_reader");
        let body = NewMessage {
            body: "third".to_owned(),
            reply_to: None,
            after: None,
        };
        let third: Entry = play.rest.answer(request.json(&body)).await?.json()?;
        let stored = play.rest.log(&reader.access_token, &conversation).await?;
        let bodies: Vec<_> = stored.iter().map(|entry| (&entry.author, &entry.kind)).collect();
        ensure!(bodies.len() == 3 && stored[2] == third, "{bodies:?}");
        let apart = stored.iter().map(|entry| (third.at - entry.at).abs()).max();
        ensure!(
            apart.is_some_and(|apart| apart < DAY_MS / 2),
            "the device's clock got into the log: {stored:?}"
        );
        let has_all = |state: &State| state.heads.contains(&(conversation.clone(), 3));
        device.until("to have the third message", has_all).await?;
        ensure!(
            device.view(&conversation).await? == draw(&stored, &user),
            "the device shows something else"
        );
    }
    Ok(Outcome::Held)
}
