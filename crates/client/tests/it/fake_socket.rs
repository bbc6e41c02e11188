//! The socket of the fake server.

#![expect(clippy::unwrap_used, reason = "a test ends where its server does")]

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::{ClientId, EntryKind, ErrorCode, Limits, ReadMark, SUBPROTOCOL, SessionId};
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
    let mut pushes = world.pushes.subscribe();
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
                    let epoch = world.facts().epoch.clone();
                    say(&mut socket, &ServerFrame::Entry { epoch, entry }).await
                }
                Ok(_) => Some(()),
                Err(_) => None,
            },
            Ok(frame) = pushes.recv() => say(&mut socket, &frame).await,
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
    let (log, epoch) = {
        let facts = world.facts();
        (facts.log.clone(), facts.epoch.clone())
    };
    let at = cursors
        .first()
        .filter(|cursor| cursor.epoch == epoch && log.len() as u64 - cursor.seq <= RESUME);
    let Some(cursor) = at else {
        let entries = log[log.len().saturating_sub(PAGE)..].to_vec();
        let truncated = ServerFrame::Truncated {
            conversation: together(),
            epoch,
            messages: world.messages(&entries),
            entries,
        };
        return say(socket, &truncated).await;
    };
    for entry in &log[usize::try_from(cursor.seq).unwrap()..] {
        let (epoch, entry) = (epoch.clone(), entry.clone());
        say(socket, &ServerFrame::Entry { epoch, entry }).await?;
    }
    Some(())
}

async fn answer(world: &World, socket: &mut Socket, frame: ClientFrame) -> Option<()> {
    match frame {
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
        ClientFrame::Typing { id, .. } => sign(world, socket, id, "typing".to_owned()).await,
        ClientFrame::Status { id, activity } => sign(world, socket, id, format!("status {activity:?}")).await,
        ClientFrame::Watch {
            id,
            conversations,
            people,
        } => {
            let line = format!("watch {} and {}", conversations.len(), people.len());
            sign(world, socket, id, line).await
        }
        ClientFrame::Hello { .. } => Some(()),
        frame => stored(world, socket, frame).await,
    }
}

/// Writes a sign down and acknowledges it, unless it is to be refused.
async fn sign(world: &World, socket: &mut Socket, id: u64, line: String) -> Option<()> {
    let refusal = world.facts().refusals.get(&line).copied();
    world.facts().diary.push(line);
    match refusal {
        Some(code) => refuse(socket, id, code).await,
        None => say(socket, &ServerFrame::Ack { id, entry: None }).await,
    }
}

/// A message or an act: what it is called in the diary, and the entry that it makes.
fn wanted(frame: ClientFrame) -> (u64, ClientId, Option<ClientId>, String, EntryKind) {
    match frame {
        ClientFrame::Send {
            id,
            client_id,
            body,
            reply_to,
            after,
            ..
        } => (id, client_id, after, body.clone(), EntryKind::message(body, reply_to)),
        ClientFrame::Edit {
            id,
            client_id,
            target,
            body,
            ..
        } => (id, client_id, None, body.clone(), EntryKind::edit(target, body)),
        ClientFrame::Delete {
            id, client_id, target, ..
        } => (id, client_id, None, "delete".to_owned(), EntryKind::Delete { target }),
        ClientFrame::React {
            id,
            client_id,
            target,
            emoji,
            on,
            ..
        } => (
            id,
            client_id,
            None,
            emoji.clone(),
            EntryKind::React { target, emoji, on },
        ),
        ClientFrame::Pin {
            id,
            client_id,
            target,
            on,
            ..
        } => (id, client_id, None, "pin".to_owned(), EntryKind::Pin { target, on }),
        other => panic!("not to be stored: {other:?}"),
    }
}

async fn stored(world: &World, socket: &mut Socket, frame: ClientFrame) -> Option<()> {
    let (id, client_id, after, name, kind) = wanted(frame);
    if name == "token, please" {
        say(socket, &ServerFrame::TokenExpiring { expires_at: 0 }).await?;
    }
    if world.facts().deaf {
        return Some(());
    }
    let refusal = world.facts().refusals.get(&name).copied();
    let follows_unknown = after.is_some_and(|after| !world.facts().log.iter().any(|entry| entry.client_id == after));
    let code = refusal.or_else(|| follows_unknown.then_some(ErrorCode::OutOfOrder));
    if let Some(code) = code {
        world.facts().diary.push(format!("refused {name}: {code}"));
        return refuse(socket, id, code).await;
    }
    let is_deleted = kind.target().is_some_and(|target| world.fold(target).is_deleted());
    if is_deleted && matches!(kind, EntryKind::Delete { .. }) {
        return say(socket, &ServerFrame::Ack { id, entry: None }).await;
    }
    let entry = world.store(ada(), client_id, kind);
    let cut = {
        let mut facts = world.facts();
        facts.diary.push(format!("sent {name}"));
        let cut = facts.cut_sends > 0;
        facts.cut_sends = facts.cut_sends.saturating_sub(1);
        cut
    };
    if cut {
        return None;
    }
    say(socket, &ServerFrame::Ack { id, entry: Some(entry) }).await
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
