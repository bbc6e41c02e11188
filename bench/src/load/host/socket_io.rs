//! Socket.IO from npm, in the folder `peers/socket-io`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::Host;
use crate::load::crowd::Crowd;
use crate::load::dialect::{Dialect, Saying, number_in};

/// How long the peer may take to install, and to start.
const INSTALLED_WITHIN: Duration = Duration::from_mins(3);
const STARTED_WITHIN: Duration = Duration::from_secs(20);

pub(super) struct SocketIo {
    child: Child,
    started: Started,
}

/// The line it prints when it is ready.
#[derive(Deserialize)]
struct Started {
    port: u16,
    versions: String,
}

impl SocketIo {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("peers/socket-io");
        install(&folder).await?;
        let mut child = Command::new("node")
            .arg("server.js")
            .current_dir(&folder)
            .env("NODE_ENV", "production")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot run node")?;
        let stdout = child.stdout.take().context("node has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(STARTED_WITHIN, lines.next_line())
            .await
            .context("the peer did not start")??;
        let started = serde_json::from_str(&line.context("the peer ended at its start")?)?;
        Ok(Self { child, started })
    }
}

/// Installs exactly what the lock file says, once.
async fn install(folder: &Path) -> anyhow::Result<()> {
    if folder.join("node_modules/socket.io").is_dir() {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-progress"]).current_dir(folder).kill_on_drop(true);
    let status = tokio::time::timeout(INSTALLED_WITHIN, npm.stdout(Stdio::null()).status())
        .await
        .context("npm ci did not end")?
        .context("cannot run npm")?;
    ensure!(status.success(), "npm ci ended with {status}");
    Ok(())
}

#[async_trait]
impl Host for SocketIo {
    fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.started.port))
    }

    fn version(&self) -> &str {
        &self.started.versions
    }

    async fn welcome(&mut self, crowd: &Crowd) -> anyhow::Result<Box<dyn Dialect>> {
        let names = |rooms: Vec<usize>| rooms.iter().map(|room| format!("room-{room}")).collect();
        Ok(Box::new(Words {
            host: self.address().to_string(),
            rooms_of: crowd.rooms_of().into_iter().map(names).collect(),
        }))
    }

    async fn renew(&mut self) -> anyhow::Result<()> {
        // It has stored nothing and welcomed nobody: it is as fresh as at its start.
        Ok(())
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Engine.IO 4 and Socket.IO 5 over a WebSocket, as far as the generator needs them.
struct Words {
    host: String,
    rooms_of: Vec<Vec<String>>,
}

impl Dialect for Words {
    fn upgrade(&self, _socket: usize) -> String {
        let host = &self.host;
        format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
    }

    fn client_begins(&self) -> bool {
        false
    }

    /// Asks for the main namespace and names the rooms.
    fn greeting(&self, socket: usize) -> String {
        format!("40{}", json!({ "rooms": self.rooms_of[socket] }))
    }

    fn steps(&self, _socket: usize) -> u32 {
        1
    }

    fn message(&self, _socket: usize, number: u32, body: &str) -> String {
        format!(r#"42{number}["send","{body}"]"#)
    }

    fn hear(&self, text: &[u8]) -> anyhow::Result<Saying> {
        let text = std::str::from_utf8(text)?;
        if let Some(event) = text.strip_prefix("42") {
            let (_, body): (&str, &str) = serde_json::from_str(event)?;
            return Ok(Saying::Delivered {
                message: number_in(body)?,
                seq: None,
            });
        }
        if let Some(answer) = text.strip_prefix("43") {
            let (number, _) = answer.split_once('[').context("an answer to nothing")?;
            return Ok(Saying::Acknowledged {
                message: number.parse()?,
            });
        }
        match text.get(..2) {
            Some("40") => Ok(Saying::Step),
            Some("0{") => Ok(Saying::YourTurn),
            None if text == "2" => Ok(Saying::Ping { answer: "3" }),
            _ => bail!("the server said {text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_understood() {
        let words = Words {
            host: String::new(),
            rooms_of: vec![vec!["room-1".to_owned()]],
        };
        let hear = |text: &str| words.hear(text.as_bytes()).unwrap();
        assert_eq!(hear(r#"0{"sid":"x","pingInterval":25000}"#), Saying::YourTurn);
        assert_eq!(hear(r#"40{"sid":"y"}"#), Saying::Step);
        assert_eq!(hear("2"), Saying::Ping { answer: "3" });
        let delivered = Saying::Delivered { message: 41, seq: None };
        assert_eq!(hear(r#"42["entry","00000041 what"]"#), delivered);
        assert_eq!(hear("4341[]"), Saying::Acknowledged { message: 41 });
        assert!(words.hear(b"41").is_err());
        assert_eq!(words.greeting(0), r#"40{"rooms":["room-1"]}"#);
        assert_eq!(words.message(0, 41, "what"), r#"4241["send","what"]"#);
    }
}
