//! Settings that every process has: where it listens, where it keeps things, how it logs.

use std::net::{AddrParseError, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::http::ConnectionLimits;
use crate::telemetry::LogFormat;

/// A setting that may be named without a value, which is as if it were not named. Not written as an `Option`, which
/// the command line would take for one that has a value whenever it is named.
pub type Optional<T> = Option<T>;

/// Read once at the start, from the environment or the command line.
#[derive(Debug, Clone, clap::Args)]
pub struct ProcessSettings {
    /// Address of the REST interface and the socket. Port 0 lets the system choose.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Address for operators, such as `127.0.0.1:9090`: `/metrics`, `/livez`, `/readyz`, and `POST /admin/drain`.
    /// Whoever reaches it may drain this process, so it must not be open to everybody. Not served unless it is set.
    #[arg(long, env = "OPS_LISTEN", default_value = "", hide_default_value = true, value_parser = address_if_any)]
    pub ops_listen: Optional<SocketAddr>,

    /// Asks the process that listens on `LISTEN` whether it is ready, says so, and ends with 0 or 1.
    #[arg(long)]
    pub healthcheck: bool,

    /// Folder for everything this process keeps. One process per folder.
    #[arg(long, env = "DATA_DIR", default_value = "loquat-data")]
    pub data_dir: PathBuf,

    /// The address people use, such as `https://chat.example.org`. It names the issuer of access tokens and stands in
    /// the links of invitations; without it those carry the address this process listens on.
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<Url>,

    /// What is logged: a level, or levels by module such as `info,chat_service=debug`.
    #[arg(long, env = "LOG", default_value = "info")]
    pub log: String,

    /// How log lines are written.
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,

    /// Connections at the same time, sockets included; more wait. Each needs a file handle: raise the limit of open
    /// files (`ulimit -n`) with it.
    #[arg(long, env = "MOST_CONNECTIONS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub most_connections: u32,

    /// Connections of one address, so that one cannot take all of them. Behind a reverse proxy all come from its
    /// address: there it is no less than `MOST_CONNECTIONS`, and the proxy keeps such a limit.
    #[arg(long, env = "CONNECTIONS_PER_ADDRESS", default_value_t = 8_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub connections_per_address: u32,

    /// Seconds a client may take for the head of a request, or keep a connection without asking for anything. Longer
    /// than a load balancer in front keeps unused connections.
    #[arg(long, env = "REQUEST_HEAD_TIMEOUT_S", default_value_t = 75, value_parser = clap::value_parser!(u32).range(1..))]
    pub request_head_timeout_s: u32,

    /// Seconds a client may take nothing of what it is sent.
    #[arg(long, env = "STALLED_WRITE_TIMEOUT_S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub stalled_write_timeout_s: u32,

    /// Seconds that running work may take after the process was told to stop.
    #[arg(long, env = "STOP_GRACE_S", default_value_t = 20)]
    pub stop_grace_s: u64,
}

fn address_if_any(text: &str) -> Result<Optional<SocketAddr>, AddrParseError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

impl ProcessSettings {
    /// How long stopping may take.
    pub fn stop_grace(&self) -> Duration {
        Duration::from_secs(self.stop_grace_s)
    }

    /// What clients may cost.
    pub fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            most: self.most_connections as usize,
            most_per_address: self.connections_per_address as usize,
            request_head: Duration::from_secs(u64::from(self.request_head_timeout_s)),
            stalled_write: Duration::from_secs(u64::from(self.stalled_write_timeout_s)),
        }
    }

    /// The address people use: the public one, or where this process listens when there is none.
    pub fn public_address(&self, listening_on: SocketAddr) -> Result<Url, url::ParseError> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(&format!("http://{listening_on}")),
        }
    }

    /// Who issues access tokens: the public address, or a fixed name where there is none.
    pub fn issuer(&self) -> String {
        self.public_url.as_ref().map_or_else(
            || "loquat".to_owned(),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        process: ProcessSettings,
    }

    fn ops_listen(arguments: &[&str]) -> Result<Option<SocketAddr>, clap::Error> {
        let program = Program::try_parse_from(["program"].iter().chain(arguments));
        program.map(|program| program.process.ops_listen)
    }

    #[test]
    fn an_empty_address_for_operators_is_none() {
        assert_eq!(ops_listen(&[]).unwrap(), None);
        assert_eq!(ops_listen(&["--ops-listen="]).unwrap(), None);
        let address = "127.0.0.1:9090";
        assert_eq!(
            ops_listen(&["--ops-listen", address]).unwrap(),
            Some(address.parse().unwrap())
        );
        let fault = ops_listen(&["--ops-listen", "here"]).unwrap_err().to_string();
        assert!(fault.contains("--ops-listen"), "{fault}");
    }
}
