//! `loquat-server`, with people who come in by tokens that the generator signs.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use client::clock::{Clock as _, SystemClock};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::{ConversationId, SUBPROTOCOL, SessionId, UserId};
use serde::Deserialize;
use test_kit::random::SeededRandom;
use test_kit::server::{Server, ServerSettings};
use tokio::process::Command;

use super::Host;
use crate::load::crowd::Crowd;
use crate::load::dialect::{Dialect, Saying, number_in};
use crate::load::key::KeyFile;
use crate::rest::Rest;

/// Only a name in tokens; nothing is reached there.
const PUBLIC_URL: &str = "http://load.invalid";
/// Requests under way at a time while the rooms are made.
const REQUESTS_AT_ONCE: usize = 16;
/// The settings that differ from the defaults: limits that would end a measurement, nothing that makes it faster.
const SETTINGS: [(&str, &str); 5] = [
    ("MOST_CONNECTIONS", "100000"),
    ("SENDS_PER_S", "1000000"),
    ("SEND_BURST", "1000000"),
    ("LOG", "warn"),
    ("PUBLIC_URL", PUBLIC_URL),
];

pub(super) struct Loquat {
    server: Server,
    version: String,
    key: KeyFile,
    random: SeededRandom,
}

impl Loquat {
    pub(super) async fn start(binary: &Path, folder: &Path, random: SeededRandom) -> anyhow::Result<Self> {
        let key_path = folder.join("signing-key.pem");
        let key = KeyFile::make(&key_path, &random)?;
        let mut settings = ServerSettings::under(binary, folder);
        for (name, value) in SETTINGS {
            settings = settings.with(name, value);
        }
        settings = settings.with("SIGNING_KEY_FILE", &key_path.to_string_lossy());
        Ok(Self {
            version: version_of(binary).await?,
            server: Server::start(settings).await?,
            key,
            random,
        })
    }
}

/// What the program says of itself, and how it was built: a debug build must never pass for a measurement.
async fn version_of(binary: &Path) -> anyhow::Result<String> {
    let answer = Command::new(binary).arg("--version").output().await?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let folder = binary.parent().and_then(Path::file_name);
    let profile = folder.map_or_else(String::new, |folder| folder.to_string_lossy().into_owned());
    Ok(format!("{version} ({profile})"))
}

#[async_trait]
impl Host for Loquat {
    fn pid(&self) -> Option<u32> {
        self.server.pid()
    }

    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    fn version(&self) -> &str {
        &self.version
    }

    async fn welcome(&mut self, crowd: &Crowd) -> anyhow::Result<Box<dyn Dialect>> {
        let rest = Rest::at(self.server.url())?;
        let mint = self.key.mint(&rest, PUBLIC_URL, SystemClock.now()).await?;
        let mut tokens = Vec::with_capacity(crowd.people);
        for _ in 0..crowd.people {
            let user = UserId::from_random(self.random.bits());
            let session = SessionId::from_random(self.random.bits());
            tokens.push(mint.token(&user, &session)?);
        }
        let mut making = Vec::with_capacity(crowd.rooms.len());
        for (number, members) in crowd.rooms.iter().enumerate() {
            let members: Vec<String> = members.iter().map(|person| tokens[*person].clone()).collect();
            let rest = &rest;
            making.push(async move { rest.gather(format!("room-{number}"), &members).await });
        }
        // In order, so that a room is found by its number.
        let rooms: Vec<ConversationId> = stream::iter(making).buffered(REQUESTS_AT_ONCE).try_collect().await?;
        let rooms_of = crowd.rooms_of();
        let writes_to = rooms_of
            .iter()
            .map(|of_one| of_one.first().map(|room| rooms[*room].clone()));
        Ok(Box::new(Words {
            host: self.server.address().to_string(),
            writes_to: writes_to.collect(),
            // `welcome`, and the newest entries of each room.
            steps: rooms_of
                .iter()
                .map(|of_one| 1 + u32::try_from(of_one.len()).unwrap_or(u32::MAX))
                .collect(),
            tokens,
            run: self.random.bits(),
        }))
    }

    async fn renew(&mut self) -> anyhow::Result<()> {
        self.server.stop().await?;
        Ok(self.server.restart().await?)
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        let status = self.server.stop().await?;
        ensure!(
            status.success(),
            "the server ended with {status}: {}",
            self.server.errors().tail()
        );
        Ok(())
    }
}

/// The protocol's frames, as far as the generator needs them.
struct Words {
    host: String,
    tokens: Vec<String>,
    writes_to: Vec<Option<ConversationId>>,
    steps: Vec<u32>,
    /// Makes client ids unique for ever.
    run: u128,
}

/// What a frame may have. Read without the protocol's own types, which would copy every text of every delivery.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(default)]
    id: u64,
    #[serde(borrow)]
    entry: Option<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    seq: u64,
    kind: &'a str,
    #[serde(default)]
    body: &'a str,
}

const HELLO: &str = r#"{"type":"hello","id":0}"#;

impl Dialect for Words {
    fn upgrade(&self, socket: usize) -> String {
        let (host, token) = (&self.host, &self.tokens[socket]);
        format!(
            "GET /v1/socket HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
        )
    }

    fn client_begins(&self) -> bool {
        true
    }

    fn greeting(&self, _socket: usize) -> String {
        HELLO.to_owned()
    }

    fn steps(&self, socket: usize) -> u32 {
        self.steps[socket]
    }

    fn message(&self, socket: usize, number: u32, body: &str) -> String {
        let conversation = self.writes_to[socket].as_ref().map_or("", ConversationId::as_str);
        let (id, run) = (u64::from(number) + 1, self.run);
        format!(
            r#"{{"type":"send","id":{id},"conversation":"{conversation}","client_id":"m_{run:x}_{number}","body":"{body}"}}"#
        )
    }

    fn hear(&self, text: &[u8]) -> anyhow::Result<Saying> {
        let frame: Frame = serde_json::from_slice(text).with_context(|| String::from_utf8_lossy(text).into_owned())?;
        Ok(match (frame.kind, frame.entry) {
            ("welcome" | "truncated", _) => Saying::Step,
            ("entry", Some(entry)) if entry.kind == "message" => Saying::Delivered {
                message: number_in(entry.body)?,
                seq: Some(entry.seq),
            },
            ("ack", _) => Saying::Acknowledged {
                message: u32::try_from(frame.id.saturating_sub(1))?,
            },
            ("refused" | "goodbye", _) => anyhow::bail!("the server said {}", String::from_utf8_lossy(text)),
            _ => Saying::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use protocol::frame::{ClientFrame, ServerFrame};
    use protocol::{ClientId, Entry as LogEntry, EntryKind};

    use super::*;

    fn words() -> Words {
        Words {
            host: "localhost".to_owned(),
            tokens: vec!["token".to_owned()],
            writes_to: vec![Some(ConversationId::from_random(1))],
            steps: vec![2],
            run: 7,
        }
    }

    #[test]
    fn what_is_sent_are_frames_of_the_protocol() {
        let hello: ClientFrame = serde_json::from_str(HELLO).unwrap();
        assert!(matches!(hello, ClientFrame::Hello { more: false, .. }));
        let text = words().message(0, 41, "00000041 what");
        let ClientFrame::Send { id, body, .. } = serde_json::from_str(&text).unwrap() else {
            panic!("got {text}");
        };
        assert_eq!((id, body.as_str()), (42, "00000041 what"));
    }

    #[test]
    fn frames_of_the_protocol_are_understood() {
        let entry = LogEntry {
            conversation: ConversationId::from_random(1),
            seq: 9,
            ordinal: 3,
            at: 1,
            author: UserId::from_random(1),
            client_id: ClientId::from_random(1),
            kind: EntryKind::message("00000041 what".to_owned(), None),
        };
        let hear = |frame: &ServerFrame| words().hear(&serde_json::to_vec(frame).unwrap()).unwrap();
        let delivered = hear(&ServerFrame::Entry {
            epoch: "e".to_owned(),
            entry: entry.clone(),
        });
        let expected = Saying::Delivered {
            message: 41,
            seq: Some(9),
        };
        assert_eq!(delivered, expected);
        let acknowledged = hear(&ServerFrame::Ack {
            id: 42,
            entry: Some(entry),
        });
        assert_eq!(acknowledged, Saying::Acknowledged { message: 41 });
        assert_eq!(hear(&ServerFrame::TokenExpiring { expires_at: 1 }), Saying::Other);
    }
}
