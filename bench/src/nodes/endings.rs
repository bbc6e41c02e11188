//! How soon the sockets of an ended session are closed at every node (P7).

use std::fmt;
use std::time::Duration;

use anyhow::ensure;
use protocol::close;
use serde_json::json;
use tokio::time::Instant;

use super::Stage;
use crate::plain_socket::PlainSocket;
use crate::rest::Rest;
use crate::scaled::CHAT_NODES;

/// The promise.
const WITHIN: Duration = Duration::from_secs(2);

pub(super) struct Endings {
    /// From asking for the end until the last socket was closed; sorted.
    took: Vec<Duration>,
}

/// Signs in for real, opens a socket at each node, signs out, and looks.
pub(super) async fn measure(stage: &Stage, count: u32) -> anyhow::Result<Endings> {
    let rest = Rest::at(stage.scaled.url())?;
    let mut took = Vec::new();
    for number in 0..count {
        let tokens = stage.scaled.sign_in(&rest, &format!("leaver{number}")).await?;
        let mut sockets = Vec::new();
        for node in 0..CHAT_NODES {
            sockets.push(PlainSocket::greeted(&stage.scaled.chat_url(node), &tokens.access_token).await?);
        }
        let asked = Instant::now();
        let answer = rest
            .post("/v1/auth/sign-out", Some(&tokens.access_token), &json!({}))
            .await?;
        ensure!(
            answer.status == 204,
            "signing out was answered {}: {}",
            answer.status,
            answer.body
        );
        for socket in &mut sockets {
            let code = socket.closed().await?;
            ensure!(code == Some(close::SESSION_ENDED), "closed with {code:?}");
        }
        took.push(asked.elapsed());
    }
    took.sort_unstable();
    Ok(Endings { took })
}

impl Endings {
    pub(super) fn is_in_time(&self) -> bool {
        self.took.last().is_some_and(|longest| *longest < WITHIN)
    }
}

impl fmt::Display for Endings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |took: Option<&Duration>| took.map_or(0.0, |took| took.as_secs_f64() * 1000.0);
        write!(
            formatter,
            "{} sessions, sockets at {CHAT_NODES} nodes each, all closed after: median {:.0} ms, longest {:.0} ms",
            self.took.len(),
            ms(self.took.get(self.took.len() / 2)),
            ms(self.took.last())
        )
    }
}
