//! `loquat-server migrate`: from the files of one machine to the MongoDB of many, for a company that grows.
//!
//! The data folder is held all the while, so no server runs on it. A run that is cut off, however it was, is followed
//! by another one that goes on. At the end everything has been compared, and only then the move is noted as finished.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use service_kit::data_dir::DataDir;
use service_kit::store::mongo::{Address, Mongo};
use service_kit::store::sqlite::file_in;
use service_kit::{Random as _, SystemRandom};

/// Names the data folder in the databases it is moved to.
const ID_FILE: &str = "migration.id";
/// Says that the folder was moved.
const FINISHED_FILE: &str = "migration.finished";
/// What one operation may take: nobody waits for an answer but the move.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where everything goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Target {
    /// The MongoDB, such as `mongodb://user:password@host:27017/loquat`. The name of its database is the beginning of
    /// three: `loquat_users`, `loquat_chat` and `loquat_mail`, which are the `DATABASE_URL` of the three services.
    #[arg(long, env = "MIGRATE_TO", hide_env_values = true)]
    to: Url,

    /// File of certificates (PEM) that the server is trusted by. With it the connection is encrypted.
    #[arg(long, env = "DATABASE_CA_FILE")]
    ca_file: Option<PathBuf>,

    /// Whether the driver repeats a write that got lost. Amazon DocumentDB needs `false`.
    #[arg(long, env = "DATABASE_RETRY_WRITES", default_value_t = true, action = clap::ArgAction::Set)]
    retry_writes: bool,
}

/// A URL that nothing shows, for it may carry a password.
#[derive(Clone)]
struct Url(String);

impl From<String> for Url {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl std::fmt::Debug for Url {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a URL")
    }
}

impl Target {
    /// What is wrong with it, as sentences.
    pub(crate) fn faults(&self) -> Vec<String> {
        let url = Address::parse(&self.to.0)
            .err()
            .map(|fault| format!("MIGRATE_TO: {fault}"));
        let ca_file = self.ca_file.as_ref().filter(|path| !path.is_file());
        let ca_file = ca_file.map(|path| format!("DATABASE_CA_FILE: there is no file {}", path.display()));
        url.into_iter().chain(ca_file).collect()
    }

    /// The database of one service.
    fn database_of(&self, service: &str) -> anyhow::Result<Mongo> {
        let address = Address::parse(&self.to.0).map_err(|fault| anyhow::anyhow!("MIGRATE_TO: {fault}"))?;
        let name = format!("{}_{service}", address.database());
        let mut address = address.with_database(&name).within(PATIENCE);
        if let Some(ca_file) = &self.ca_file {
            address = address.trusting(ca_file);
        }
        if !self.retry_writes {
            address = address.without_retries();
        }
        Ok(Mongo::new(address))
    }
}

/// Moves what lies in the data folder, or what is missing of it.
pub(crate) async fn run(folder: &Path, target: &Target) -> anyhow::Result<()> {
    if !file_in(folder, "chat").is_file() {
        bail!(
            "there is nothing to move in {}: name the data folder by DATA_DIR",
            folder.display()
        );
    }
    let held = DataDir::open(folder)?;
    let source = id_of(held.path())?;
    let databases = (
        target.database_of("users")?,
        target.database_of("mail")?,
        target.database_of("chat")?,
    );
    user_service::migration::migrate(held.path(), &databases.0, &source, &|text| tell("people", &text))
        .await
        .context("cannot move people")?;
    mail_service::migration::migrate(held.path(), &databases.1, &source, &|text| tell("mail", &text))
        .await
        .context("cannot move the memory of mails")?;
    chat_service::migration::migrate(held.path(), &databases.2, &source, &|text| tell("conversations", &text))
        .await
        .context("cannot move conversations")?;
    std::fs::write(held.path().join(FINISHED_FILE), "")?;
    let (users, mail, chat) = (
        databases.0.database_name(),
        databases.1.database_name(),
        databases.2.database_name(),
    );
    tell(
        "done",
        &format!("everything is moved and compared; the services find it in {users}, {mail} and {chat}"),
    );
    Ok(())
}

/// Warns that what happens here from now on is not where the folder was moved to.
pub(crate) fn warn_if_moved(folder: &Path) {
    if folder.join(FINISHED_FILE).exists() {
        tracing::warn!("this data folder was moved to a MongoDB; what happens here now stays here");
    }
}

fn id_of(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join(ID_FILE);
    if let Ok(id) = std::fs::read_to_string(&path)
        && !id.is_empty()
    {
        return Ok(id);
    }
    let id = format!("{:032x}", SystemRandom.bits());
    // Whole or not at all: a piece of an id would be that of another folder.
    let unfinished = folder.join("migration.id.new");
    std::fs::write(&unfinished, &id).with_context(|| format!("cannot write {}", unfinished.display()))?;
    std::fs::rename(&unfinished, &path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(id)
}

#[expect(clippy::print_stdout, reason = "how far it has come is what the operator waits for")]
fn tell(part: &str, text: &str) {
    println!("{part}: {text}");
}
