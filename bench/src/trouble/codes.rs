//! Sign-in codes under attack (P8).

use anyhow::ensure;
use futures_util::{StreamExt as _, stream};
use protocol::ErrorCode;
use protocol::rest::identity::CodeRequested;
use test_kit::wait::PATIENCE;

use super::Outcome;
use super::stage::{Playing, Stage};
use crate::plain_socket::PlainSocket;

const FLOOD: usize = 3000;
/// What a client IP may ask for at once, and a minute of its refill: the defaults of the server.
const MOST_CODES: usize = 100 + 30;

pub(super) async fn a_code_works_once_within_five_tries_and_for_its_own_address(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;

    let (request, right) = code(&play, "ada@example.org").await?;
    for tries_left in [4, 3, 2, 1] {
        let problem = play.rest.token(&request, wrong(&right)).await?.problem()?;
        ensure!(
            (problem.code, problem.tries_left) == (ErrorCode::CodeWrong, Some(tries_left)),
            "got {problem:?}"
        );
    }
    for code in [wrong(&right), &right] {
        let problem = play.rest.token(&request, code).await?.problem()?;
        ensure!(
            problem.code == ErrorCode::CodeUsedUp,
            "after five wrong tries {problem:?}"
        );
    }

    let (request, right) = code(&play, "ben@example.org").await?;
    ensure!(
        play.rest.token(&request, &right).await?.status == 200,
        "the right code was refused"
    );
    let again = play.rest.token(&request, &right).await?.problem()?;
    ensure!(again.code == ErrorCode::CodeExpired, "a code that was used: {again:?}");

    let (_, of_cleo) = code(&play, "cleo@example.org").await?;
    let (of_dora, right) = code(&play, "dora@example.org").await?;
    if of_cleo != right {
        let other = play.rest.token(&of_dora, &of_cleo).await?.problem()?;
        ensure!(
            other.code == ErrorCode::CodeWrong,
            "the code for another address: {other:?}"
        );
    }
    let nothing = play
        .rest
        .token("r_00000000000000000000000000000000", &right)
        .await?
        .problem()?;
    ensure!(
        nothing.code == ErrorCode::CodeExpired,
        "a handle nobody was given: {nothing:?}"
    );
    Ok(Outcome::Held)
}

pub(super) async fn thousands_of_code_requests_are_limited_and_disturb_nobody(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    let ada = play.person("ada@example.org").await?;
    let mut socket = PlainSocket::greeted(play.rest.base(), &ada.access_token).await?;

    let mut statuses = Vec::new();
    for _ in 0..5 {
        let answer = play.rest.request_code("one@example.org").await?;
        statuses.push((answer.status, answer.retry_after.is_some()));
    }
    ensure!(
        statuses.starts_with(&[(202, false)]) && statuses.ends_with(&[(429, true)]),
        "one address: {statuses:?}"
    );

    let asks = stream::iter(0..FLOOD).map(|number| {
        let rest = play.rest.clone();
        async move { rest.request_code(&format!("flood{number}@example.org")).await }
    });
    let answers: Vec<_> = asks.buffer_unordered(32).collect().await;
    let (mut accepted, mut limited) = (0, 0);
    for answer in answers {
        let answer = answer?;
        match answer.status {
            202 => accepted += 1,
            429 => {
                let problem = answer.problem()?;
                let waits: u32 = answer.retry_after.as_deref().unwrap_or("").parse()?;
                ensure!(
                    problem.code == ErrorCode::RateLimited && problem.retry_after_s == Some(waits),
                    "{problem:?}"
                );
                ensure!((1..=86_400).contains(&waits), "Retry-After: {waits}");
                limited += 1;
            }
            other => anyhow::bail!("answered {other}: {}", answer.body),
        }
    }
    ensure!(accepted <= MOST_CODES, "{accepted} of {FLOOD} were accepted");
    ensure!(accepted + limited == FLOOD);

    socket
        .send_text(r#"{"type":"read","id":9,"conversation":"c_none","generation":0,"ordinal":0}"#)
        .await?;
    socket.next().await?;
    Ok(Outcome::Held)
}

async fn code(play: &Playing, email: &str) -> anyhow::Result<(String, String)> {
    let mark = play.server.console().mark();
    let asked: CodeRequested = play.rest.request_code(email).await?.json()?;
    let code = play.server.console().code_for(email, mark, PATIENCE).await?;
    Ok((asked.request, code))
}

/// Some other code.
fn wrong(right: &str) -> &'static str {
    if right == "000000" { "000001" } else { "000000" }
}
