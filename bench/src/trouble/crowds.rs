//! Clients that take what they can get: who never read, who hardly send, and far too many.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::frame::{ClientFrame, ServerFrame};
use protocol::rest::identity::Tokens;
use protocol::{ClientId, Conversation, ConversationId, ErrorCode, SUBPROTOCOL, close};
use test_kit::wait::PATIENCE;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::Outcome;
use super::socket::refusal_of;
use super::stage::{Playing, Stage};
use crate::load::machine;
use crate::plain_socket::{Arrival, PlainSocket};

const MANY: usize = 1000;
/// Messages to a client that never reads, and their size: together far more than what the system buffers for it.
const UNREAD: u64 = 1500;
const UNREAD_BYTES: usize = 12 * 1024;
/// Memory that a client which never reads may cost the server.
const MOST_EXTRA_KB: f64 = 48.0 * 1024.0;

pub(super) async fn a_client_that_never_reads_holds_nobody_up(stage: &Stage) -> anyhow::Result<Outcome> {
    let settings = stage
        .settings()
        .with("SENDS_PER_S", "100000")
        .with("SEND_BURST", "100000")
        .with("STALLED_WRITE_TIMEOUT_S", "3");
    let play = stage.play_with(settings).await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let cleo = play.person("cleo@example.org").await?;
    let room = room(&play, &ada, &[&ben, &cleo]).await?;
    let mut writer = PlainSocket::greeted(play.rest.base(), &ada.access_token).await?;
    let mut reader = PlainSocket::greeted(play.rest.base(), &cleo.access_token).await?;
    let mut deaf = PlainSocket::greeted(play.rest.base(), &ben.access_token).await?;
    let pid = play.server.pid().context("the server has ended")?;
    let before_kb = machine::rss_kb(pid)?;

    let first = head(&play, &ada, &room).await? + 1;
    let mut most_kb = before_kb;
    for number in 0..UNREAD {
        send(&mut writer, &room, number, &"x".repeat(UNREAD_BYTES)).await?;
        let read = reader.next_that(|frame| entry_seq(frame, &room)).await?;
        ensure!(
            read == first + number,
            "the reader got {read} instead of {}",
            first + number
        );
        most_kb = most_kb.max(machine::rss_kb(pid)?);
    }
    ensure!(
        most_kb - before_kb < MOST_EXTRA_KB,
        "the server grew by {:.0} KiB",
        most_kb - before_kb
    );

    // Closed by then, or cut off; whatever was buffered before may still be read.
    let ended = async {
        loop {
            if let Arrival::Closed(code) = deaf.read().await? {
                return anyhow::Ok(code);
            }
        }
    };
    let code = tokio::time::timeout(PATIENCE, ended)
        .await
        .context("a client that never read was kept")??;
    ensure!(
        code.is_none_or(|code| code == close::SLOW_READER),
        "it was closed with {code:?}"
    );
    let stored = play.rest.log(&ben.access_token, &room).await?;
    ensure!(stored.len() as u64 == first - 1 + UNREAD, "{} entries", stored.len());
    Ok(Outcome::Held)
}

pub(super) async fn clients_that_send_one_byte_a_second_are_shown_out(stage: &Stage) -> anyhow::Result<Outcome> {
    let settings = stage
        .settings()
        .with("REQUEST_HEAD_TIMEOUT_S", "3")
        .with("HELLO_TIMEOUT_S", "3");
    let play = stage.play_with(settings).await?;
    let ada = play.person("ada@example.org").await?;
    let head = format!(
        "GET /v1/users/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        ada.access_token
    );
    let asked = drip(&play, head.as_bytes(), b"").await?;
    ensure!(asked < PATIENCE, "half a request was waited for");

    // One that is let in, and then says its hello in the same way.
    let upgrade = format!(
        "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n",
        ada.access_token
    );
    let mut hello = vec![0x81, 0x80 | 0x3C, 0, 0, 0, 0];
    hello.extend_from_slice(&[b' '; 0x3C]);
    let asked = drip(&play, &hello, upgrade.as_bytes()).await?;
    ensure!(asked < PATIENCE, "a hello was waited for");
    let other = PlainSocket::greeted(play.rest.base(), &ada.access_token).await;
    ensure!(other.is_ok(), "somebody else was not let in");
    Ok(Outcome::Held)
}

/// Says `first` at once and then `slowly` byte by byte, until the server hangs up; returns how long that took.
async fn drip(play: &Playing, slowly: &[u8], first: &[u8]) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut stream = TcpStream::connect(play.server.address()).await?;
    stream.write_all(first).await?;
    let (mut from, mut to) = stream.split();
    let say = async {
        let mut seconds = tokio::time::interval(Duration::from_secs(1));
        for byte in slowly {
            seconds.tick().await;
            if to.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
        std::future::pending::<()>().await;
    };
    let hang_up = async {
        let mut heard = Vec::new();
        drop(from.read_to_end(&mut heard).await);
    };
    let ended = async {
        tokio::select! {
            () = say => {}
            () = hang_up => {}
        }
    };
    drop(tokio::time::timeout(PATIENCE, ended).await);
    Ok(began.elapsed())
}

pub(super) async fn a_thousand_sockets_of_one_person_leave_the_last_ones_open(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage.play().await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let mut of_ben = PlainSocket::greeted(play.rest.base(), &ben.access_token).await?;
    let most = protocol::Limits::default().sockets_per_person as usize;
    let mut sockets = Vec::new();
    for _ in 0..MANY {
        sockets.push(PlainSocket::greeted(play.rest.base(), &ada.access_token).await?);
    }
    for (number, socket) in sockets.iter_mut().enumerate() {
        if number < MANY - most {
            let code = socket.closed().await.with_context(|| format!("socket {number}"))?;
            ensure!(
                code == Some(close::TOO_MANY_SOCKETS),
                "socket {number} was closed with {code:?}"
            );
        } else {
            answers(socket).await.with_context(|| format!("socket {number}"))?;
        }
    }
    answers(&mut of_ben).await.context("somebody else was disturbed")?;
    Ok(Outcome::Held)
}

pub(super) async fn a_thousand_silent_connections_of_one_address_disturb_nobody(
    stage: &Stage,
) -> anyhow::Result<Outcome> {
    let play = stage
        .play_with(stage.settings().with("REQUEST_HEAD_TIMEOUT_S", "5"))
        .await?;
    let ada = play.person("ada@example.org").await?;
    let address = play.server.address();
    let mut silent: Vec<TcpStream> = stream::iter(0..MANY)
        .map(|_| TcpStream::connect(address))
        .buffer_unordered(64)
        .try_collect()
        .await?;
    let mut socket = PlainSocket::greeted(play.rest.base(), &ada.access_token).await?;
    answers(&mut socket).await?;
    let newcomer = play.person("ben@example.org").await?;
    let conversation = play.direct(&newcomer, &ada).await?.id;
    socket
        .next_that(|frame| {
            matches!(frame, ServerFrame::Conversation { conversation: new } if new.id == conversation).then_some(())
        })
        .await?;
    for connection in &mut silent {
        let mut byte = [0];
        let hung_up = tokio::time::timeout(PATIENCE, connection.read(&mut byte)).await;
        let read = hung_up.context("a silent connection was kept")?;
        ensure!(matches!(read, Ok(0) | Err(_)), "a silent connection was told something");
    }
    answers(&mut socket).await?;
    Ok(Outcome::Held)
}

/// Whether the socket is served: a question about nothing is refused as such.
async fn answers(socket: &mut PlainSocket) -> anyhow::Result<()> {
    socket
        .send_text(r#"{"type":"read","id":7,"conversation":"c_none","generation":0,"ordinal":0}"#)
        .await?;
    let code = socket.next_that(|frame| refusal_of(frame, 7)).await?;
    ensure!(code == ErrorCode::NotFound, "refused as {code}");
    Ok(())
}

/// A channel with these people in it.
async fn room(play: &Playing, owner: &Tokens, others: &[&Tokens]) -> anyhow::Result<ConversationId> {
    let everybody = std::iter::once(owner).chain(others.iter().copied());
    let tokens: Vec<String> = everybody.map(|one| one.access_token.clone()).collect();
    play.rest.gather("room".to_owned(), &tokens).await
}

async fn head(play: &Playing, who: &Tokens, room: &ConversationId) -> anyhow::Result<u64> {
    let path = format!("/v1/conversations/{room}");
    let room: Conversation = play.rest.get(&path, Some(&who.access_token)).await?.json()?;
    Ok(room.head)
}

async fn send(socket: &mut PlainSocket, room: &ConversationId, number: u64, body: &str) -> anyhow::Result<()> {
    let frame = ClientFrame::Send {
        id: 100 + number,
        conversation: room.clone(),
        client_id: ClientId::from_random(rand::random()),
        body: body.to_owned(),
        reply_to: None,
        after: None,
    };
    socket.send(&frame).await?;
    let answer = socket.next_that(|frame| match frame {
        ServerFrame::Ack { id, .. } if *id == 100 + number => Some(Ok(())),
        ServerFrame::Refused { id, code, .. } if *id == 100 + number => Some(Err(*code)),
        _ => None,
    });
    answer
        .await?
        .map_err(|code| anyhow::anyhow!("message {number} was refused as {code}"))
}

fn entry_seq(frame: &ServerFrame, room: &ConversationId) -> Option<u64> {
    match frame {
        ServerFrame::Entry { entry, .. } if entry.conversation == *room => Some(entry.seq),
        _ => None,
    }
}
