//! The services of one run: user-service, mail-service and the chat-services.

use std::path::PathBuf;

use anyhow::Context as _;
use test_kit::engines::{amqp_url, redis_url};
use test_kit::server::{Server, ServerSettings};

use super::{Databases, Wishes};

/// Chat nodes of every run: what holds between two of them holds between more.
pub(crate) const CHAT_NODES: usize = 2;

/// What mail-service may take for one mail. The mail server is on this machine, and a mail that was being sent when
/// mail-service was killed waits for a multiple of it.
const SMTP_TIMEOUT_S: &str = "5";
/// Everybody of a run asks from one address, and must not be held up by its limits.
const NO_LIMIT: &str = "1000000";

/// What the services are started with.
pub(super) struct Plan<'a> {
    pub(super) programs: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) public_url: String,
    pub(super) databases: &'a Databases,
    pub(super) smtp_url: String,
    pub(super) wishes: &'a Wishes,
}

/// The processes. Each can be killed and started again on its own.
pub(crate) struct Services {
    pub(crate) user_service: Server,
    pub(crate) mail_service: Server,
    pub(crate) chat: Vec<Server>,
}

impl Services {
    pub(super) async fn start(plan: &Plan<'_>) -> anyhow::Result<Self> {
        let user_service = plan.user_service().await?;
        let mail_service = plan.mail_service().await?;
        let jwks_url = format!("{}/.well-known/jwks.json", user_service.url());
        let mut chat = Vec::new();
        for node in 0..CHAT_NODES {
            chat.push(plan.chat_service(node, &jwks_url).await?);
        }
        Ok(Self {
            user_service,
            mail_service,
            chat,
        })
    }

    /// Each of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Server> {
        [&self.user_service, &self.mail_service].into_iter().chain(&self.chat)
    }
}

impl Plan<'_> {
    async fn user_service(&self) -> anyhow::Result<Server> {
        let settings = self
            .settings("user-service", "user-service", &self.databases.users.url())
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .with("CODES_PER_IP_AND_MINUTE", NO_LIMIT)
            .with("CODE_BURST_PER_IP", NO_LIMIT);
        self.run(settings, &self.wishes.of_user_service).await
    }

    async fn mail_service(&self) -> anyhow::Result<Server> {
        let settings = self
            .settings("mail-service", "mail-service", &self.databases.mail.url())
            .with("SMTP_URL", &self.smtp_url)
            .with("SMTP_TIMEOUT_S", SMTP_TIMEOUT_S);
        self.run(settings, &self.wishes.of_mail_service).await
    }

    async fn chat_service(&self, node: usize, jwks_url: &str) -> anyhow::Result<Server> {
        let name = format!("chat-service-{}", node + 1);
        let settings = self
            .settings("chat-service", &name, &self.databases.chat.url())
            .with("JWKS_URL", jwks_url);
        self.run(settings, &self.wishes.of_chat_nodes[node]).await
    }

    /// What all of them are told.
    fn settings(&self, program: &str, name: &str, database: &str) -> ServerSettings {
        ServerSettings::under(&self.programs.join(program), &self.folder.join(name))
            .with("DATABASE_URL", database)
            .with("CACHE_URL", &redis_url())
            .with("CACHE_PREFIX", self.databases.chat.name())
            .with("BROKER_URL", &amqp_url())
            .with("PUBLIC_URL", &self.public_url)
    }

    async fn run(&self, mut settings: ServerSettings, more: &[(String, String)]) -> anyhow::Result<Server> {
        let wished = self.wishes.of_all.iter().chain(more).cloned();
        settings.environment.extend(wished);
        let program = settings.binary.clone();
        let started = Server::start(settings).await;
        started.with_context(|| format!("starting {}", program.display()))
    }
}
