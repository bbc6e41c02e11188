//! What can go away of the form that scales out, and come back.

use std::fmt;

use test_kit::server::Server;

use super::engines::{Engine, signal};
use super::{CHAT_NODES, Scaled};

/// One thing that can be killed or paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    ChatNode(usize),
    UserService,
    MailService,
    Engine(Engine),
}

impl Part {
    pub(crate) const ALL: [Self; CHAT_NODES + 5] = [
        Self::ChatNode(0),
        Self::ChatNode(1),
        Self::UserService,
        Self::MailService,
        Self::Engine(Engine::Redis),
        Self::Engine(Engine::RabbitMq),
        Self::Engine(Engine::Database),
    ];
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChatNode(node) => write!(formatter, "chat-service {}", node + 1),
            Self::UserService => formatter.write_str("user-service"),
            Self::MailService => formatter.write_str("mail-service"),
            Self::Engine(Engine::Redis) => formatter.write_str("Redis"),
            Self::Engine(Engine::RabbitMq) => formatter.write_str("RabbitMQ"),
            Self::Engine(Engine::Database) => formatter.write_str("the database server"),
        }
    }
}

impl Scaled {
    /// `kill -9`.
    pub(crate) async fn kill(&mut self, part: Part) -> anyhow::Result<()> {
        match self.server_or_engine(part) {
            Ok(server) => Ok(server.kill().await?),
            Err(engine) => self.engines.kill(engine).await,
        }
    }

    /// Starts what was killed, and waits until it says that it is ready.
    pub(crate) async fn bring_back(&mut self, part: Part) -> anyhow::Result<()> {
        match self.server_or_engine(part) {
            Ok(server) => Ok(server.restart().await?),
            Err(_) => self.engines.bring_back().await,
        }
    }

    /// It stands still, with its connections open, until [`Self::resume`].
    pub(crate) async fn pause(&mut self, part: Part) -> anyhow::Result<()> {
        self.signal(part, "STOP").await
    }

    pub(crate) async fn resume(&mut self, part: Part) -> anyhow::Result<()> {
        self.signal(part, "CONT").await
    }

    async fn signal(&mut self, part: Part, name: &str) -> anyhow::Result<()> {
        match self.server_or_engine(part) {
            Ok(server) => {
                let pid = server
                    .pid()
                    .ok_or_else(|| anyhow::anyhow!("{part} ended by itself:\n{}", server.errors().tail()))?;
                signal(&pid.to_string(), name).await
            }
            Err(engine) => self.engines.signal(engine, name).await,
        }
    }

    /// The process of this run that it is; otherwise it is an engine.
    fn server_or_engine(&mut self, part: Part) -> Result<&mut Server, Engine> {
        match part {
            Part::ChatNode(node) => Ok(&mut self.services.chat[node]),
            Part::UserService => Ok(&mut self.services.user_service),
            Part::MailService => Ok(&mut self.services.mail_service),
            Part::Engine(engine) => Err(engine),
        }
    }
}
