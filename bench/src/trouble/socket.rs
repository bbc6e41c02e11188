//! Sockets that are not spoken to as the protocol says.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use protocol::frame::{ClientFrame, ServerFrame};
use protocol::rest::chat::NewConversation;
use protocol::{ClientId, ConversationId, ErrorCode, Limits, close};
use test_kit::wait::{self, PATIENCE};

use super::Outcome;
use super::stage::Stage;
use crate::plain_socket::{Arrival, PlainSocket};

/// How often the socket that lives on gets a fresh token; tokens live three times as long.
const RENEW_EVERY: Duration = Duration::from_secs(2);

/// The promise about sessions that were ended, on every node.
pub(super) const ENDED_WITHIN: Duration = Duration::from_secs(2);

pub(super) async fn what_is_not_the_protocol_is_refused_by_name(stage: &Stage) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    let ada = play.person("ada@example.org").await?;
    let (base, token) = (play.rest.base(), ada.access_token.as_str());

    for (sent, expected) in [
        (r#"{"type":"shout","id":7}"#, ErrorCode::UnknownType),
        (r#"{"type":"send","id":7}"#, ErrorCode::Malformed),
        (
            r#"{"type":"read","id":7,"conversation":"../..","generation":0,"ordinal":0}"#,
            ErrorCode::Malformed,
        ),
    ] {
        let mut socket = PlainSocket::greeted(base, token).await?;
        socket.send_text(sent).await?;
        let code = socket.next_that(|frame| refusal_of(frame, 7)).await.context(sent)?;
        ensure!(code == expected, "{sent} was refused as {code}");
    }

    let mut early = PlainSocket::open(base, token).await?;
    early
        .send_text(r#"{"type":"read","id":7,"conversation":"c_1","generation":0,"ordinal":0}"#)
        .await?;
    let code = early.next_that(|frame| refusal_of(frame, 7)).await?;
    ensure!(code == ErrorCode::HelloFirst, "before hello: {code}");

    let oversized = format!(
        r#"{{"type":"shout","id":7,"text":"{}"}}"#,
        "x".repeat(Limits::default().frame_bytes as usize)
    );
    for sent in ["{", "7", r#"{"type":"hello"}"#, &oversized] {
        let mut socket = PlainSocket::greeted(base, token).await?;
        socket.send_text(sent).await?;
        let code = socket.closed().await?;
        let shown: String = sent.chars().take(20).collect();
        ensure!(code == Some(close::PROTOCOL_ERROR), "{shown} was closed with {code:?}");
    }

    let body = "x".repeat(Limits::default().body_bytes as usize + 1);
    let mut socket = PlainSocket::greeted(base, token).await?;
    let client_id = ClientId::from_random(rand::random());
    let conversation = ConversationId::from_random(1);
    socket
        .send(&ClientFrame::Send {
            id: 7,
            conversation,
            client_id,
            body,
            reply_to: None,
            after: None,
        })
        .await?;
    let code = socket.next_that(|frame| refusal_of(frame, 7)).await?;
    ensure!(
        matches!(code, ErrorCode::BodyTooLong | ErrorCode::NotFound),
        "a long body: {code}"
    );

    ensure!(
        PlainSocket::open(base, "not a token").await.is_err(),
        "a wrong token opened a socket"
    );
    let wrong = play.rest.get("/v1/users/me", Some("not a token")).await?.problem()?;
    ensure!(wrong.code == ErrorCode::Unauthenticated, "a wrong token: {wrong:?}");
    let malformed = play
        .rest
        .request(reqwest::Method::POST, "/v1/auth/code", None)
        .header("content-type", "application/json");
    let malformed = play.rest.answer(malformed.body("{")).await?.problem()?;
    ensure!(malformed.code == ErrorCode::Malformed, "half a body: {malformed:?}");
    Ok(Outcome::Held)
}

pub(super) async fn a_stranger_finds_nothing(stage: &Stage) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let stranger = play.person("stranger@example.org").await?;
    let conversation = play.direct(&ada, &ben).await?.id;

    let mut there = Vec::new();
    let mut missing = Vec::new();
    for path in ["", "/entries", "/members"] {
        let token = Some(stranger.access_token.as_str());
        there.push(
            play.rest
                .get(&format!("/v1/conversations/{conversation}{path}"), token)
                .await?,
        );
        missing.push(play.rest.get(&format!("/v1/conversations/d_none{path}"), token).await?);
    }
    for (there, missing) in there.iter().zip(&missing) {
        let (there, missing) = (there.problem()?, missing.problem()?);
        let same = there.code == missing.code && there.detail == missing.detail;
        ensure!(there.status == 404 && same, "{there:?} is not {missing:?}");
    }

    let mut socket = PlainSocket::greeted(play.rest.base(), &stranger.access_token).await?;
    let client_id = ClientId::from_random(rand::random());
    let send = ClientFrame::Send {
        id: 7,
        conversation: conversation.clone(),
        client_id,
        body: "hi".to_owned(),
        reply_to: None,
        after: None,
    };
    socket.send(&send).await?;
    let code = socket.next_that(|frame| refusal_of(frame, 7)).await?;
    ensure!(code == ErrorCode::NotFound, "a stranger's send was refused as {code}");
    ensure!(
        play.rest.log(&ada.access_token, &conversation).await?.is_empty(),
        "a stranger wrote"
    );
    Ok(Outcome::Held)
}

pub(super) async fn an_ended_token_closes_the_socket_and_a_fresh_one_keeps_it_open(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage
        .play_with(stage.settings().with("ACCESS_TOKEN_LIFETIME_S", "6"))
        .await?;
    let ada = play.person("ada@example.org").await?;
    let mut renewed = PlainSocket::greeted(play.rest.base(), &ada.access_token).await?;
    let mut forgotten = PlainSocket::open(play.rest.base(), &ada.access_token).await?;
    forgotten
        .send(&ClientFrame::Hello {
            id: 1,
            cursors: Vec::new(),
            more: false,
        })
        .await?;

    let mut fresh = play.rest.refresh(&ada.refresh_token).await?;
    let mut renewals = tokio::time::interval(RENEW_EVERY);
    let mut is_warned = false;
    let code = loop {
        tokio::select! {
            arrival = forgotten.next() => match arrival? {
                Arrival::Frame(frame) => is_warned |= matches!(*frame, ServerFrame::TokenExpiring { .. }),
                Arrival::Closed(code) => break code,
            },
            _ = renewals.tick() => {
                fresh = play.rest.refresh(&fresh.refresh_token).await?;
                renewed.send(&ClientFrame::Token { id: 8, token: fresh.access_token.clone() }).await?;
                renewed.next_that(|frame| matches!(frame, ServerFrame::Ack { id: 8, .. }).then_some(())).await?;
            }
        }
    };
    ensure!(
        is_warned && code == Some(close::TOKEN_EXPIRED),
        "warned: {is_warned}, closed with {code:?}"
    );
    let look = || async {
        play.rest
            .get("/v1/users/me", Some(&ada.access_token))
            .await
            .ok()?
            .problem()
            .ok()
    };
    let ended = wait::until("the token to be refused", PATIENCE, look).await?;
    ensure!(ended.code == ErrorCode::TokenExpired, "an ended token: {ended:?}");

    let new = NewConversation::Direct { with: ada.user.clone() };
    let conversation = play.rest.start(&fresh.access_token, &new).await?.id;
    let client_id = ClientId::from_random(rand::random());
    renewed
        .send(&ClientFrame::Send {
            id: 9,
            conversation,
            client_id,
            body: "still here".to_owned(),
            reply_to: None,
            after: None,
        })
        .await?;
    renewed
        .next_that(|frame| matches!(frame, ServerFrame::Ack { id: 9, .. }).then_some(()))
        .await?;
    Ok(Outcome::Held)
}

pub(super) async fn a_session_that_was_ended_is_closed_within_two_seconds(stage: &Stage) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    let desk = play.person("ada@example.org").await?;
    let laptop = play.person("ada@example.org").await?;
    let mut ended = PlainSocket::greeted(play.rest.base(), &desk.access_token).await?;
    let mut other = PlainSocket::greeted(play.rest.base(), &laptop.access_token).await?;

    play.rest
        .post("/v1/auth/sign-out", Some(&desk.access_token), &())
        .await?;

    let code = tokio::time::timeout(ENDED_WITHIN, ended.closed())
        .await
        .context("the socket stayed open")??;
    ensure!(
        code == Some(close::SESSION_ENDED),
        "an ended session closed the socket with {code:?}"
    );
    let refused = play
        .rest
        .get("/v1/conversations", Some(&desk.access_token))
        .await?
        .problem()?;
    ensure!(refused.code == ErrorCode::SessionEnded, "an ended session: {refused:?}");
    other
        .send_text(r#"{"type":"read","id":7,"conversation":"c_none","generation":0,"ordinal":0}"#)
        .await?;
    let code = other.next_that(|frame| refusal_of(frame, 7)).await?;
    ensure!(code == ErrorCode::NotFound, "the other session was disturbed: {code}");
    Ok(Outcome::Held)
}

/// Why this request was refused.
pub(super) fn refusal_of(frame: &ServerFrame, request: u64) -> Option<ErrorCode> {
    match frame {
        ServerFrame::Refused { id, code, .. } if *id == request => Some(*code),
        _ => None,
    }
}
