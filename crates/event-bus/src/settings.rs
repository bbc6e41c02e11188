//! Where the queues are, as operators say it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use service_kit::{Lifecycle, SharedClock};

use crate::amqp::BrokerAddress;
use crate::bus::{Bus, BusError};

/// Where events between the services go.
#[derive(Clone, clap::Args)]
#[group(skip)]
pub struct BrokerSettings {
    /// The queues between the services: `amqp://user:password@host:5672/vhost` for a RabbitMQ, `amqps://…` with TLS, or
    /// `sqlite:PATH` for a file that the services of one machine share. Needed outside development.
    #[arg(long, env = "BROKER_URL", hide_env_values = true)]
    pub broker_url: Option<String>,

    /// File of certificates (PEM) that an `amqps:` broker is trusted by, beside those of the system.
    #[arg(long, env = "BROKER_CA_FILE")]
    pub broker_ca_file: Option<PathBuf>,

    /// Events that a RabbitMQ hands to this process before it has settled them, for each queue.
    #[arg(long, env = "BROKER_PREFETCH", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub broker_prefetch: u16,
}

/// What a `BROKER_URL` names.
enum Named {
    Nothing,
    File(PathBuf),
    Broker(BrokerAddress),
}

const SQLITE: &str = "sqlite:";

impl BrokerSettings {
    /// Everything that is wrong with these settings, each as a sentence that names the setting and none of its secrets.
    /// Without a broker only a developer's process can go on.
    pub fn faults(&self, is_development: bool) -> Vec<String> {
        match self.named() {
            Ok(Named::Nothing) if !is_development => {
                vec![
                    "BROKER_URL is missing: name the queues that the services share, such as amqp://host:5672"
                        .to_owned(),
                ]
            }
            Ok(_) => Vec::new(),
            Err(fault) => vec![fault],
        }
    }

    /// The folder that this process must hold for its queues: its own, unless others are named.
    pub fn folder<'a>(&self, data_dir: &'a Path) -> Option<&'a Path> {
        matches!(self.named(), Ok(Named::Nothing)).then_some(data_dir)
    }

    /// The queues; in `file` when none are named. A broker is connected to in the background.
    pub fn open(&self, file: &Path, clock: SharedClock, lifecycle: &Lifecycle) -> Result<Bus, OpenError> {
        Ok(match self.named().map_err(OpenError::Setting)? {
            Named::Nothing => Bus::open_sqlite(file, clock)?,
            Named::File(path) => Bus::open_sqlite(&path, clock)?,
            Named::Broker(address) => Bus::connect_amqp(address, Arc::clone(&clock), lifecycle),
        })
    }

    fn named(&self) -> Result<Named, String> {
        let url = self.broker_url.as_deref().map_or("", str::trim);
        if url.is_empty() {
            return Ok(Named::Nothing);
        }
        if let Some(path) = url.strip_prefix(SQLITE).filter(|path| !path.is_empty()) {
            return Ok(Named::File(path.into()));
        }
        let address = BrokerAddress::parse(url).map_err(|fault| format!("BROKER_URL: {fault}"))?;
        let address = address.prefetching(self.broker_prefetch);
        match &self.broker_ca_file {
            None => Ok(Named::Broker(address)),
            Some(path) => {
                let trusting = address
                    .trusting(path)
                    .map_err(|fault| format!("BROKER_CA_FILE: {fault}"))?;
                Ok(Named::Broker(trusting))
            }
        }
    }
}

/// Why the queues could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A sentence that names the setting.
    #[error("{0}")]
    Setting(String),
    #[error(transparent)]
    File(#[from] BusError),
}

impl Default for BrokerSettings {
    /// Queues in a file of the data folder.
    fn default() -> Self {
        Self {
            broker_url: None,
            broker_ca_file: None,
            broker_prefetch: 8,
        }
    }
}

impl std::fmt::Debug for BrokerSettings {
    /// Leaves out the URL: it may carry a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("BrokerSettings")
            .field("broker_ca_file", &self.broker_ca_file)
            .field("broker_prefetch", &self.broker_prefetch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> BrokerSettings {
        BrokerSettings {
            broker_url: Some(url.to_owned()),
            ..BrokerSettings::default()
        }
    }

    #[test]
    fn a_url_chooses_the_engine() {
        assert!(matches!(settings("").named(), Ok(Named::Nothing)));
        assert!(matches!(
            settings("sqlite:/var/lib/events.sqlite").named(),
            Ok(Named::File(_))
        ));
        assert!(matches!(
            settings("amqp://ada:secret@localhost").named(),
            Ok(Named::Broker(_))
        ));
        assert!(matches!(
            settings("amqps://ada:secret@localhost:5671/chat").named(),
            Ok(Named::Broker(_))
        ));
    }

    #[test]
    fn only_queues_that_nobody_shares_need_the_data_folder() {
        let data_dir = Path::new("data");
        assert_eq!(settings("").folder(data_dir), Some(data_dir));
        assert_eq!(settings("sqlite:/var/lib/events.sqlite").folder(data_dir), None);
        assert_eq!(settings("amqp://localhost").folder(data_dir), None);
    }

    #[test]
    fn faults_name_the_setting_and_never_the_password() {
        for url in [
            "sqlite:",
            "http://:secret@localhost",
            "amqp://ada:secret@local host",
            "amqp:///chat",
            "secret",
        ] {
            let faults = settings(url).faults(true).join(" ");
            assert!(faults.contains("BROKER_URL") && !faults.contains("secret"), "{faults}");
        }
        assert!(!format!("{:?}", settings("amqp://ada:secret@localhost")).contains("secret"));
    }

    #[test]
    fn only_a_developer_needs_no_broker() {
        assert!(settings("").faults(true).is_empty());
        assert!(settings("").faults(false)[0].contains("BROKER_URL is missing"));
    }

    #[test]
    fn a_ca_file_that_cannot_be_used_is_named() {
        let with_ca = |url: &str, path: &str| BrokerSettings {
            broker_ca_file: Some(path.into()),
            ..settings(url)
        };
        let faults = |url, path| with_ca(url, path).faults(true).join(" ");
        assert!(faults("amqps://localhost", "/nowhere/ca.pem").contains("BROKER_CA_FILE: /nowhere/ca.pem"));
        let this_file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(faults("amqps://localhost", this_file).contains("holds no certificate"));
    }
}
