//! Where a MongoDB is, and how it is spoken to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mongodb::Client;
use mongodb::options::{
    Acknowledgment, ClientOptions, ConnectionString, ReadConcern, ReadPreference, SelectionCriteria, Tls, TlsOptions,
    WriteConcern,
};

use super::connections::Connections;
use crate::metrics::Pool;

/// Connections at the same time, unless the URL says `maxPoolSize`: what one process has under way at once.
const CONNECTIONS: u32 = 32;
/// How long finding a server and connecting may take: less than an operation, so that its end is still an answer.
const MOST_FOR_CONNECTING: Duration = Duration::from_secs(2);

/// A URL that was read and names a database. It may carry a password, so nothing shows it.
#[derive(Clone)]
pub struct Address {
    url: ConnectionString,
    database: String,
    ca_file: Option<PathBuf>,
    timeout: Duration,
    retries_writes: bool,
}

impl Address {
    /// Reads `mongodb://…/database` or `mongodb+srv://…/database`. The error never repeats the URL.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let url = ConnectionString::parse(url).map_err(|_| {
            "this is not a URL such as mongodb://user:password@host:27017/database; special characters in user and \
             password are percent-encoded"
        })?;
        let database = url.default_database.clone().filter(|name| !name.is_empty());
        Ok(Self {
            database: database.ok_or("the URL names no database: mongodb://host:27017/database")?,
            url,
            ca_file: None,
            timeout: Duration::from_secs(5),
            retries_writes: true,
        })
    }

    /// The same server, trusted by the certificates in this file; the connection is encrypted.
    #[must_use]
    pub fn trusting(mut self, ca_file: &Path) -> Self {
        self.ca_file = Some(ca_file.to_owned());
        self
    }

    /// The same server; no operation takes longer than this.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same server, told every write only once: Amazon DocumentDB knows no write that may be told twice.
    #[must_use]
    pub fn without_retries(mut self) -> Self {
        self.retries_writes = false;
        self
    }

    /// The same server with another database.
    #[must_use]
    pub fn with_database(mut self, name: &str) -> Self {
        name.clone_into(&mut self.database);
        self
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.database
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A client that connects when it is first used; only looking up a `mongodb+srv:` name happens now. Its connections
    /// are counted in the pool.
    pub(super) async fn connect(&self, pool: &Pool) -> mongodb::error::Result<Client> {
        let mut options = ClientOptions::parse(self.url.clone()).await?;
        let connecting = (self.timeout / 2).min(MOST_FOR_CONNECTING);
        options.app_name.get_or_insert_with(|| "loquat".to_owned());
        options.connect_timeout = Some(connecting);
        options.server_selection_timeout = Some(connecting);
        options.max_pool_size.get_or_insert(CONNECTIONS);
        options.cmap_event_handler = Some(Connections::counted_in(pool));
        options.read_concern = Some(ReadConcern::majority());
        options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
        let majority = WriteConcern::builder().w(Acknowledgment::Majority).journal(true);
        options.write_concern = Some(majority.build());
        options.retry_writes = Some(self.retries_writes && options.retry_writes != Some(false));
        if let Some(ca_file) = &self.ca_file {
            let mut tls = match options.tls.take() {
                Some(Tls::Enabled(tls)) => tls,
                _ => TlsOptions::default(),
            };
            tls.ca_file_path = Some(ca_file.clone());
            options.tls = Some(Tls::Enabled(tls));
        }
        Client::with_options(options)
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Address");
        shown.field("database", &self.database).finish_non_exhaustive()
    }
}
