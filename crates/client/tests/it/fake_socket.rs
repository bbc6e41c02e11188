//! The socket of the fake server.

#![expect(clippy::unwrap_used, reason = "a test ends where its server does")]

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::{ErrorCode, Limits, ReadMark, SUBPROTOCOL, SessionId};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use crate::fake::{World, ada, problem, together};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// More behind than this and only the newest page is sent.
const RESUME: u64 = 50;
const PAGE: usize = 20;

pub(crate) async fn open(State(world): State<World>, headers: HeaderMap, mut request: Request) -> Response {
    if let Some(code) = world.refusal(&headers) {
        return problem(code);
    }
    let accept = derive_accept_key(headers[header::SEC_WEBSOCKET_KEY].as_bytes());
    let upgrade = hyper::upgrade::on(&mut request);
    #[expect(clippy::disallowed_methods, reason = "the server of a test ends with the test")]
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
        serve(world, socket).await;
    });
    let headers = [
        (header::CONNECTION, "Upgrade".to_owned()),
        (header::UPGRADE, "websocket".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
        (header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL.to_owned()),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// Serves until either side is gone. `None` from a step cuts the line without a word.
async fn serve(world: World, mut socket: Socket) {
    let mut news = world.news.subscribe();
    let mut cuts = world.cuts.subscribe();
    let mut goodbyes = world.goodbyes.subscribe();
    world.facts().diary.push("socket".to_owned());
    let number = world.count("socket");
    let mut cursors = Vec::new();
    let mut greeted = false;
    loop {
        let frozen = number <= world.facts().frozen_sockets;
        let step = tokio::select! {
            message = socket.next(), if !frozen => match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: ClientFrame = serde_json::from_str(&text).unwrap();
                    if let ClientFrame::Hello { id, cursors: some, more } = frame {
                        cursors.extend(some);
                        if more {
                            continue;
                        }
                        greeted = true;
                        greet(&world, &mut socket, id, &cursors).await
                    } else {
                        answer(&world, &mut socket, frame).await
                    }
                }
                Some(Ok(_)) => Some(()),
                _ => None,
            },
            entry = news.recv() => match entry {
                Ok(entry) if greeted => {
                    say(&mut socket, &ServerFrame::Entry { epoch: "one".to_owned(), entry }).await
                }
                Ok(_) => Some(()),
                Err(_) => None,
            },
            _ = cuts.recv() => None,
            Ok(retry_after_ms) = goodbyes.recv() => {
                let reason = "draining".to_owned();
                say(&mut socket, &ServerFrame::Goodbye { reason, retry_after_ms }).await;
                let close = CloseFrame { code: protocol::close::GOING_AWAY.into(), reason: "draining".into() };
                drop(socket.close(Some(close)).await);
                None
            }
        };
        if step.is_none() {
            return;
        }
        if world.facts().session_ended {
            let close = CloseFrame {
                code: protocol::close::SESSION_ENDED.into(),
                reason: "ended".into(),
            };
            drop(socket.close(Some(close)).await);
            return;
        }
    }
}

async fn greet(world: &World, socket: &mut Socket, id: u64, cursors: &[Cursor]) -> Option<()> {
    let welcome = ServerFrame::Welcome {
        id,
        user: ada(),
        session: SessionId::from_random(1),
        server_time: 1_790_000_000_000,
        token_expires_at: 1_790_000_000_000 + 600_000,
        conversations: vec![world.said()],
        limits: Limits::default(),
    };
    say(socket, &welcome).await?;
    let log = world.facts().log.clone();
    let at = cursors
        .first()
        .map(|cursor| cursor.seq)
        .filter(|seq| log.len() as u64 - seq <= RESUME);
    let Some(seq) = at else {
        let entries = log[log.len().saturating_sub(PAGE)..].to_vec();
        let epoch = "one".to_owned();
        let conversation = together();
        return say(
            socket,
            &ServerFrame::Truncated {
                conversation,
                epoch,
                entries,
            },
        )
        .await;
    };
    for entry in &log[usize::try_from(seq).unwrap()..] {
        say(
            socket,
            &ServerFrame::Entry {
                epoch: "one".to_owned(),
                entry: entry.clone(),
            },
        )
        .await?;
    }
    Some(())
}

async fn answer(world: &World, socket: &mut Socket, frame: ClientFrame) -> Option<()> {
    match frame {
        ClientFrame::Send {
            id,
            client_id,
            body,
            after,
            ..
        } => {
            if body == "token, please" {
                say(socket, &ServerFrame::TokenExpiring { expires_at: 0 }).await?;
            }
            if world.facts().deaf {
                return Some(());
            }
            let refusal = world.facts().refusals.get(&body).copied();
            let follows_unknown =
                after.is_some_and(|after| !world.facts().log.iter().any(|entry| entry.client_id == after));
            let code = refusal.or_else(|| follows_unknown.then_some(ErrorCode::OutOfOrder));
            if let Some(code) = code {
                world.facts().diary.push(format!("refused {body}: {code}"));
                return refuse(socket, id, code).await;
            }
            let entry = world.store(ada(), client_id, &body);
            let cut = {
                let mut facts = world.facts();
                facts.diary.push(format!("sent {body}"));
                let cut = facts.cut_sends > 0;
                facts.cut_sends = facts.cut_sends.saturating_sub(1);
                cut
            };
            if cut {
                return None;
            }
            say(socket, &ServerFrame::Ack { id, entry: Some(entry) }).await
        }
        ClientFrame::Read {
            id,
            generation,
            ordinal,
            ..
        } => {
            let mark = {
                let mut facts = world.facts();
                facts.read = facts.read.later(ReadMark { generation, ordinal });
                facts.read
            };
            say(socket, &ServerFrame::Ack { id, entry: None }).await?;
            say(socket, &ServerFrame::read(together(), mark)).await
        }
        ClientFrame::Token { id, token } => {
            if !world.is_current(&token) {
                world.facts().diary.push("refused a token".to_owned());
                return refuse(socket, id, ErrorCode::TokenExpired).await;
            }
            world.facts().diary.push(format!("renewed with {token}"));
            say(socket, &ServerFrame::Ack { id, entry: None }).await
        }
        ClientFrame::Hello { .. } => Some(()),
    }
}

async fn refuse(socket: &mut Socket, id: u64, code: ErrorCode) -> Option<()> {
    let refused = ServerFrame::Refused {
        id,
        code,
        detail: "because".to_owned(),
        retry_after_ms: Some(10),
    };
    say(socket, &refused).await
}

async fn say(socket: &mut Socket, frame: &ServerFrame) -> Option<()> {
    socket
        .send(Message::text(serde_json::to_string(frame).unwrap()))
        .await
        .ok()
}
