//! A server under measurement: ours or a peer.

mod loquat;
mod socket_io;

use std::net::SocketAddr;
use std::path::Path;

use async_trait::async_trait;
use test_kit::random::SeededRandom;

use super::crowd::Crowd;
use super::dialect::Dialect;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Side {
    Loquat,
    SocketIo,
}

impl Side {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Loquat => "loquat",
            Self::SocketIo => "socket.io",
        }
    }
}

/// A running server.
#[async_trait]
pub(super) trait Host: Send {
    /// The one process in which all its work is done.
    fn pid(&self) -> Option<u32>;

    fn address(&self) -> SocketAddr;

    /// What exactly runs.
    fn version(&self) -> &str;

    /// Makes the people and their rooms; returns how their sockets speak.
    async fn welcome(&mut self, crowd: &Crowd) -> anyhow::Result<Box<dyn Dialect>>;

    /// Starts the process anew with everything it has stored, so that its memory is that of a fresh process.
    async fn renew(&mut self) -> anyhow::Result<()>;

    async fn stop(&mut self) -> anyhow::Result<()>;
}

/// Starts a server with its data under `folder`.
pub(super) async fn start(
    side: Side,
    server_binary: &Path,
    folder: &Path,
    random: SeededRandom,
) -> anyhow::Result<Box<dyn Host>> {
    Ok(match side {
        Side::Loquat => Box::new(loquat::Loquat::start(server_binary, folder, random).await?),
        Side::SocketIo => Box::new(socket_io::SocketIo::start().await?),
    })
}
