//! Sessions that end because somebody else says so (P7).

use std::path::Path;

use anyhow::{Context as _, ensure};
use protocol::rest::identity::{Sessions, Tokens};
use protocol::{ErrorCode, close};
use reqwest::Method;
use serde_json::json;
use test_kit::wait::{self, PATIENCE};

use super::Outcome;
use super::socket::ENDED_WITHIN;
use super::stage::{Playing, Stage, settled, sign_in};
use crate::device::Device;
use crate::plain_socket::PlainSocket;
use crate::rest::Answer;

/// What must not be found on a device that was erased.
const SECRET: &str = "what nobody else may find on a lost laptop";

pub(super) async fn a_revoked_session_is_closed_within_two_seconds_and_its_device_erased(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    let desk = play.person("ada@example.org").await?;
    let lost = play.person("ada@example.org").await?;
    let device = device_with_a_secret(stage, &play, &desk, "ada@example.org").await?;
    let mut socket = PlainSocket::greeted(play.rest.base(), &lost.access_token).await?;

    let path = format!("/v1/sessions/{}", lost.session);
    delete(&play, &path, &desk.access_token).await?;
    closes_in_time(&mut socket).await?;
    refuses(&play, &lost, ErrorCode::SessionRevoked).await?;

    let listed: Sessions = play.rest.get("/v1/sessions", Some(&desk.access_token)).await?.json()?;
    let of_device = listed.sessions.iter().find(|session| session.name == device.name());
    let path = format!("/v1/sessions/{}", of_device.context("the device is not listed")?.id);
    delete(&play, &path, &desk.access_token).await?;
    is_erased(stage, &device, "session_revoked").await?;

    let me = play.rest.get("/v1/users/me", Some(&desk.access_token)).await?;
    ensure!(me.status == 200, "the session that revoked was disturbed: {me:?}");
    Ok(Outcome::Held)
}

pub(super) async fn a_person_deactivated_while_connected_is_out_within_two_seconds(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    // The first person of an empty server is its administrator.
    let administrator = play.person("olga@example.org").await?;
    let ada = play.person("ada@example.org").await?;
    let device = device_with_a_secret(stage, &play, &administrator, "ada@example.org").await?;
    let mut socket = PlainSocket::greeted(play.rest.base(), &ada.access_token).await?;

    set_active(&play, &administrator, &ada, false).await?;
    closes_in_time(&mut socket).await?;
    refuses(&play, &ada, ErrorCode::Deactivated).await?;
    is_erased(stage, &device, "deactivated").await?;

    set_active(&play, &administrator, &ada, true).await?;
    let back = play.person("ada@example.org").await?;
    ensure!(back.user == ada.user, "came back as somebody else");
    PlainSocket::greeted(play.rest.base(), &back.access_token).await?;
    let problem = play
        .rest
        .get("/v1/users/me", Some(&ada.access_token))
        .await?
        .problem()?;
    ensure!(
        problem.code == ErrorCode::SessionEnded,
        "a session from before came back to life: {problem:?}"
    );
    Ok(Outcome::Held)
}

/// A device of this person on which a message lies.
async fn device_with_a_secret(stage: &Stage, play: &Playing, other: &Tokens, email: &str) -> anyhow::Result<Device> {
    let device = stage.device_with_clock(email, &play.server.url(), 0).await?;
    let ada = sign_in(&device, email, play.server.console()).await?;
    let conversation = play.direct_with(other, &ada).await?.id;
    let knows = |state: &crate::device::State| state.heads.iter().any(|(known, _)| *known == conversation);
    device.until("to know the conversation", knows).await?;
    device.write(&conversation, SECRET).await?;
    settled(&device, &conversation).await?;
    ensure!(
        holds(&store_of(stage, &device), SECRET)?,
        "the message is not on the device's disk, so its absence would show nothing"
    );
    Ok(device)
}

async fn delete(play: &Playing, path: &str, token: &str) -> anyhow::Result<()> {
    let answer: Answer = play
        .rest
        .answer(play.rest.request(Method::DELETE, path, Some(token)))
        .await?;
    ensure!(answer.status == 204, "DELETE {path}: {answer:?}");
    Ok(())
}

async fn set_active(play: &Playing, administrator: &Tokens, person: &Tokens, active: bool) -> anyhow::Result<()> {
    let path = format!("/v1/users/{}", person.user);
    let request = play
        .rest
        .request(Method::PATCH, &path, Some(&administrator.access_token));
    let answer = play.rest.answer(request.json(&json!({ "active": active }))).await?;
    ensure!(answer.status == 200, "setting active to {active}: {answer:?}");
    Ok(())
}

async fn closes_in_time(socket: &mut PlainSocket) -> anyhow::Result<()> {
    let code = tokio::time::timeout(ENDED_WITHIN, socket.closed())
        .await
        .context("the socket stayed open")??;
    ensure!(code == Some(close::SESSION_ENDED), "closed with {code:?}");
    Ok(())
}

/// The access token says only that the session has ended; the refresh says why.
async fn refuses(play: &Playing, ended: &Tokens, why: ErrorCode) -> anyhow::Result<()> {
    let call = play
        .rest
        .get("/v1/conversations", Some(&ended.access_token))
        .await?
        .problem()?;
    ensure!(call.code == ErrorCode::SessionEnded, "a call was refused: {call:?}");
    let grant = json!({ "grant": "refresh", "refresh_token": ended.refresh_token });
    let refresh = play.rest.post("/v1/auth/token", None, &grant).await?.problem()?;
    ensure!(refresh.code == why, "the refresh was refused: {refresh:?}");
    Ok(())
}

/// The device says why it is signed out, and nothing of the account is on its disk any more.
async fn is_erased(stage: &Stage, device: &Device, why: &str) -> anyhow::Result<()> {
    let state = device.until("to be signed out", |state| !state.signed_in).await?;
    ensure!(state.signed_out_because.as_deref() == Some(why), "it is {state:?}");
    let store = store_of(stage, device);
    let look = || std::future::ready((!holds(&store, SECRET).unwrap_or(true)).then_some(()));
    wait::until("the device to be erased", PATIENCE, look).await?;
    Ok(())
}

fn store_of(stage: &Stage, device: &Device) -> std::path::PathBuf {
    stage.folder().join(format!("device-{}", device.name())).join("store")
}

/// Whether any file in the folder has this text.
fn holds(folder: &Path, text: &str) -> std::io::Result<bool> {
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let found = if path.is_dir() {
            holds(&path, text)?
        } else {
            // A file that goes away meanwhile holds nothing.
            let bytes = std::fs::read(&path).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}
