//! The form that scales out, as a world for the other programs: user-service, mail-service and two chat-services
//! behind one gateway, on the servers that `cargo xtask services up` started.
//!
//! Every run has databases and keys of its own. The queues of a broker are the same for every run, so one run at a time has
//! the servers to itself.

mod engines;
mod gateway;
mod parts;
mod services;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use protocol::rest::identity::{CodeRequested, Tokens};
use test_kit::engines::MongoDatabase;
use test_kit::smtp::{SmtpServer, SmtpSettings};
use test_kit::wait::PATIENCE;

use self::engines::Engines;
use self::gateway::Gateway;
pub(crate) use self::parts::Part;
pub(crate) use self::services::{CHAT_NODES, Services};
use crate::rest::Rest;

/// Whoever holds it has the servers to itself; the name is that of `cargo xtask run --services`.
const LOCK: &str = "run.lock";

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ScaledSettings {
    /// The folder with the programs of the services; without it the one that this program is in.
    #[arg(long)]
    programs: Option<PathBuf>,
    /// The folder of the servers that `cargo xtask services up` started.
    #[arg(long, default_value = ".loquat/services")]
    engines: PathBuf,
    /// The toolbox; its `services up` brings back a server that was killed.
    #[arg(long)]
    engines_up: Option<PathBuf>,
    /// What the gateway is told.
    #[arg(long, default_value = "infra/gateway/loquat.conf.template")]
    gateway: PathBuf,
}

/// What a program wants to be other than usual. Everything is an environment variable of the services.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_field_names, reason = "they read as what is wished of whom")]
pub(crate) struct Wishes {
    pub(crate) of_all: Vec<(String, String)>,
    pub(crate) of_user_service: Vec<(String, String)>,
    pub(crate) of_mail_service: Vec<(String, String)>,
    /// For each node, such as a `CACHE_URL` by way of a proxy.
    pub(crate) of_chat_nodes: [Vec<(String, String)>; CHAT_NODES],
}

/// All of it, running. Stopped and forgotten when it is dropped, in the order of the fields.
pub(crate) struct Scaled {
    gateway: Gateway,
    pub(crate) services: Services,
    engines: Engines,
    /// Gets every mail.
    pub(crate) mails: SmtpServer,
    /// Tells the addresses of this run from those of others, whose mails may still lie in the broker.
    domain: String,
    _databases: Databases,
    _lock: File,
}

/// One for each service.
pub(crate) struct Databases {
    users: MongoDatabase,
    mail: MongoDatabase,
    chat: MongoDatabase,
}

impl Scaled {
    /// Starts everything with its files below `folder`, and waits until it is ready.
    pub(crate) async fn start(settings: &ScaledSettings, folder: &Path, wishes: &Wishes) -> anyhow::Result<Self> {
        let lock = lock(&settings.engines.join(LOCK))?;
        let engines = Engines::at(&settings.engines, settings.engines_up.clone())?;
        let databases = Databases {
            users: MongoDatabase::fresh(),
            mail: MongoDatabase::fresh(),
            chat: MongoDatabase::fresh(),
        };
        let mails = SmtpServer::start(SmtpSettings::default()).await?;
        let listen = gateway::free_address()?;
        let plan = services::Plan {
            programs: programs(settings)?,
            folder: folder.to_owned(),
            public_url: format!("http://{listen}"),
            databases: &databases,
            smtp_url: mails.url(),
            wishes,
        };
        let services = Services::start(&plan).await?;
        let gateway = Gateway::start(&settings.gateway, &folder.join("gateway"), listen, &services).await?;
        Ok(Self {
            gateway,
            services,
            engines,
            mails,
            domain: format!("{:08x}.example.org", rand::random::<u32>()),
            _databases: databases,
            _lock: lock,
        })
    }

    /// The one address in front of everything.
    pub(crate) fn url(&self) -> String {
        self.gateway.url()
    }

    /// One chat node, past the gateway.
    pub(crate) fn chat_url(&self, node: usize) -> String {
        self.services.chat[node].url()
    }

    /// A person's address in this run.
    pub(crate) fn address_of(&self, person: &str) -> String {
        format!("{person}@{}", self.domain)
    }

    /// Signs a person in, by the code in the mail that comes.
    pub(crate) async fn sign_in(&self, rest: &Rest, person: &str) -> anyhow::Result<Tokens> {
        let address = self.address_of(person);
        let asked: CodeRequested = rest.request_code(&address).await?.json()?;
        let code = self.next_code(&address).await?;
        rest.token(&asked.request, &code).await?.json()
    }

    /// Whether every service takes requests.
    pub(crate) async fn is_ready(&self) -> bool {
        for server in self.services.all() {
            if !server.is_ready().await {
                return false;
            }
        }
        true
    }

    /// What the services wrote last to standard error.
    pub(crate) fn last_words(&self) -> String {
        let tails: Vec<String> = self.services.all().map(|server| server.errors().tail()).collect();
        tails.join("\n\n")
    }

    /// What comes behind the people's names in their addresses.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// The code in the oldest mail to this address that was not read before; waits for it.
    pub(crate) async fn next_code(&self, address: &str) -> anyhow::Result<String> {
        let mail = self.mails.next_mail(address, PATIENCE).await?;
        mail.code().with_context(|| format!("no code in the mail to {address}"))
    }
}

fn programs(settings: &ScaledSettings) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &settings.programs {
        return Ok(folder.clone());
    }
    let own = std::env::current_exe()?;
    let folder = own.parent().context("a program lies in a folder")?;
    Ok(folder.to_owned())
}

fn lock(path: &Path) -> anyhow::Result<File> {
    let file = File::create(path).with_context(|| {
        format!(
            "opening {}: start the servers with `cargo xtask services up`",
            path.display()
        )
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("the servers are in use: somebody else holds {}", path.display()),
        Err(TryLockError::Error(fault)) => Err(fault).context("looking whether the servers are in use"),
    }
}
