//! A little of everything that people do, without end: signing in by mail, writing at one node, reading at the other.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::ensure;
use client::clock::{Clock as _, SystemClock};
use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{ClientId, ConversationId, SessionId, UserId};
use test_kit::random::SeededRandom;

use crate::load::key::KeyFile;
use crate::plain_socket::PlainSocket;
use crate::rest::Rest;
use crate::scaled::Scaled;

/// Members of the one room.
const MEMBERS: usize = 3;
/// Messages on one pair of sockets, before both are opened anew.
const MESSAGES: u64 = 10;
const BETWEEN_MESSAGES: Duration = Duration::from_millis(100);

/// Ends only with a fault.
pub(super) async fn flow(scaled: &Scaled, key: &KeyFile, random: &SeededRandom) -> anyhow::Result<Infallible> {
    let rest = Rest::at(scaled.url())?;
    let users = Rest::at(scaled.services.user_service.url())?;
    let mint = key.mint(&users, &scaled.url(), SystemClock.now()).await?;
    let mut tokens = Vec::new();
    for _ in 0..MEMBERS {
        let (user, session) = (
            UserId::from_random(random.bits()),
            SessionId::from_random(random.bits()),
        );
        tokens.push(mint.token(&user, &session)?);
    }
    let room = Rest::at(scaled.chat_url(0))?
        .gather("watched".to_owned(), &tokens)
        .await?;
    for round in 0_u64.. {
        let signed_in = scaled.sign_in(&rest, &format!("person-{round}")).await?;
        let me = rest.get("/v1/users/me", Some(&signed_in.access_token)).await?;
        ensure!(
            me.status == 200,
            "asking for oneself was answered {}: {}",
            me.status,
            me.body
        );
        let stranger = rest.get("/v1/conversations", None).await?;
        ensure!(stranger.status == 401, "a stranger was answered {}", stranger.status);
        talk(scaled, &room, &tokens, round).await?;
    }
    unreachable!("a round follows every round");
}

/// Messages from a socket at the first node to one at the second.
async fn talk(scaled: &Scaled, room: &ConversationId, tokens: &[String], round: u64) -> anyhow::Result<()> {
    let mut writer = PlainSocket::greeted(&scaled.chat_url(0), &tokens[0]).await?;
    let mut reader = PlainSocket::greeted(&scaled.chat_url(1), &tokens[1]).await?;
    for number in 0..MESSAGES {
        let body = format!("message {number} of round {round}.");
        writer
            .send(&ClientFrame::Send {
                id: number + 2,
                conversation: room.clone(),
                client_id: ClientId::parse(&format!("m_{round}_{number}"))?,
                body: body.clone(),
                reply_to: None,
                after: None,
            })
            .await?;
        writer
            .next_that(|frame| matches!(frame, ServerFrame::Ack { .. }).then_some(()))
            .await?;
        // A reader that came just now may find it in the page that it begins with.
        reader.next_that(|frame| names(frame, &body).then_some(())).await?;
        tokio::time::sleep(BETWEEN_MESSAGES).await;
    }
    Ok(())
}

fn names(frame: &ServerFrame, body: &str) -> bool {
    serde_json::to_string(frame).is_ok_and(|text| text.contains(body))
}
