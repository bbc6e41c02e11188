//! Where documents are kept, chosen by URL: files of the embedded database, or a MongoDB.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::mongo::{Address, Index, Mongo};

/// Where a service keeps its documents.
#[derive(Debug, Clone)]
pub enum Documents {
    /// Files of the embedded database in this folder.
    Sqlite {
        folder: PathBuf,
    },
    Mongo(Mongo),
}

impl Documents {
    /// The folder of its files, when they are kept in one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { folder } => Some(folder),
            Self::Mongo(_) => None,
        }
    }

    /// Says on the terminal which of these indexes are missing; an error when any is. Changes nothing.
    #[expect(clippy::print_stdout, reason = "what is missing is what the operator asked for")]
    pub async fn check(&self, indexes: &[Index]) -> anyhow::Result<()> {
        let Self::Mongo(mongo) = self else {
            println!("The embedded database brings its indexes along.");
            return Ok(());
        };
        let missing = mongo.missing_indexes(indexes).await;
        let missing = missing.context("the database cannot be asked for its indexes")?;
        for index in &missing {
            println!("missing: {index}");
        }
        let (missing, all) = (missing.len(), indexes.len());
        anyhow::ensure!(
            missing == 0,
            "{missing} of {all} indexes are missing; a start makes them"
        );
        println!("All {all} indexes are there.");
        Ok(())
    }
}

/// Which one it is.
#[derive(Clone, clap::Args)]
pub struct DatabaseSettings {
    /// Where documents are kept: `mongodb://user:password@host:27017/database` (or `mongodb+srv://…`), or
    /// `sqlite:FOLDER` for files in a folder. Without it, files in `DATA_DIR`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// File of certificates (PEM) that the MongoDB server is trusted by. With it the connection is encrypted.
    #[arg(long, env = "DATABASE_CA_FILE")]
    pub database_ca_file: Option<PathBuf>,

    /// Seconds that one operation on a MongoDB may take.
    #[arg(long, env = "DATABASE_TIMEOUT_S", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub database_timeout_s: u32,

    /// Whether a write that got lost is told to a MongoDB once more by the driver. Amazon DocumentDB needs `false`.
    #[arg(long, env = "DATABASE_RETRY_WRITES", default_value_t = true, action = clap::ArgAction::Set)]
    pub database_retry_writes: bool,
}

const SQLITE: &str = "sqlite:";

impl DatabaseSettings {
    /// Everything that is wrong with these settings, each as a sentence that names the setting and none of its secrets.
    pub fn faults(&self) -> Vec<String> {
        let url = self.open(Path::new("")).err();
        let ca_file = self.database_ca_file.as_ref().filter(|path| !path.is_file());
        let ca_file = ca_file.map(|path| format!("DATABASE_CA_FILE: there is no file {}", path.display()));
        url.into_iter().chain(ca_file).collect()
    }

    /// The documents, not connected yet; in `data_dir` when no other place is named. The error is a sentence.
    pub fn open(&self, data_dir: &Path) -> Result<Documents, String> {
        let url = self.database_url.as_deref().map_or("", str::trim);
        let folder = if url.is_empty() {
            Some("")
        } else {
            url.strip_prefix(SQLITE)
        };
        match folder {
            Some("") => Ok(Documents::Sqlite {
                folder: data_dir.to_owned(),
            }),
            Some(folder) => Ok(Documents::Sqlite { folder: folder.into() }),
            None => self.mongo(url).map(Documents::Mongo),
        }
    }

    /// A MongoDB at `url`, spoken to as these settings say. The error is a sentence.
    pub fn mongo(&self, url: &str) -> Result<Mongo, String> {
        let address = Address::parse(url).map_err(|fault| format!("DATABASE_URL: {fault}"))?;
        let mut address = address.within(Duration::from_secs(u64::from(self.database_timeout_s)));
        if let Some(ca_file) = &self.database_ca_file {
            address = address.trusting(ca_file);
        }
        if !self.database_retry_writes {
            address = address.without_retries();
        }
        Ok(Mongo::new(address))
    }
}

impl Default for DatabaseSettings {
    /// Files in the data folder.
    fn default() -> Self {
        Self {
            database_url: None,
            database_ca_file: None,
            database_timeout_s: 5,
            database_retry_writes: true,
        }
    }
}

impl std::fmt::Debug for DatabaseSettings {
    /// Leaves out the URL: it may carry a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DatabaseSettings")
            .field("database_ca_file", &self.database_ca_file)
            .field("database_timeout_s", &self.database_timeout_s)
            .field("database_retry_writes", &self.database_retry_writes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> DatabaseSettings {
        DatabaseSettings {
            database_url: Some(url.to_owned()),
            ..DatabaseSettings::default()
        }
    }

    fn folder_of(settings: &DatabaseSettings) -> Option<PathBuf> {
        let documents = settings.open(Path::new("data")).unwrap();
        documents.folder().map(Path::to_owned)
    }

    #[test]
    fn a_url_chooses_the_engine() {
        assert_eq!(folder_of(&DatabaseSettings::default()), Some("data".into()));
        assert_eq!(folder_of(&settings("sqlite:")), Some("data".into()));
        assert_eq!(
            folder_of(&settings("sqlite:/var/lib/loquat")),
            Some("/var/lib/loquat".into())
        );
        assert_eq!(folder_of(&settings("mongodb://localhost:27017/chat")), None);
        assert_eq!(folder_of(&settings("mongodb+srv://db.example.org/chat")), None);
    }

    #[test]
    fn faults_name_the_setting_and_never_the_password() {
        let urls = [
            "mongodb://ada:secret@localhost:27017",
            "mongodb://ada:secret%zz@localhost/chat",
            "mongodb://ada:sec/ret@localhost/chat",
            "postgres://ada:secret@localhost/chat",
            "secret",
        ];
        for url in urls {
            let faults = settings(url).faults().join(" ");
            assert!(
                faults.contains("DATABASE_URL") && !faults.contains("secret"),
                "{faults}"
            );
        }
    }

    #[test]
    fn nothing_shows_the_password() {
        let settings = settings("mongodb://ada:secret@localhost:27017/chat");
        let documents = settings.open(Path::new("data")).unwrap();
        let shown = format!("{settings:?} {documents:?}");
        assert!(shown.contains("chat") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_ca_file_that_is_not_there_is_named() {
        let faulty = DatabaseSettings {
            database_ca_file: Some("/nowhere/ca.pem".into()),
            ..settings("mongodb://localhost/chat")
        };
        assert!(faulty.faults()[0].contains("/nowhere/ca.pem"));
    }
}
