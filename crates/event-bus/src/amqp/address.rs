//! Where a RabbitMQ is and how it is spoken to.

use std::path::Path;

use lapin::tcp::OwnedTLSConfig;
use lapin::uri::{AMQPScheme, AMQPUri};
use url::Url;

use super::link::connect;
use super::topology::Topology;
use crate::bus::BusError;

/// Seconds between signs of life on a connection; one that shows none for twice as long is lost.
const HEARTBEAT_S: u16 = 10;
/// Events that are handed to a process before it has settled them.
const PREFETCH: u16 = 8;

/// A RabbitMQ, and which part of it is ours.
#[derive(Clone)]
pub struct BrokerAddress {
    pub(super) uri: AMQPUri,
    /// Certificates (PEM) that are trusted beside those of the system.
    pub(super) trusted: Option<String>,
    pub(super) topology: Topology,
    pub(super) prefetch: u16,
}

impl BrokerAddress {
    /// Reads `amqp://USER:PASSWORD@HOST:PORT/VHOST`, or `amqps://` for TLS. The error is a part of a sentence, without the
    /// address and its secrets.
    pub fn parse(url: &str) -> Result<Self, String> {
        let unknown = || "only sqlite:PATH, amqp://HOST and amqps://HOST are known".to_owned();
        let parsed = Url::parse(url).map_err(|_| unknown())?;
        if !matches!(parsed.scheme(), "amqp" | "amqps") {
            return Err(unknown());
        }
        let host = parsed.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("names no host")?;
        let mut uri: AMQPUri = url.parse().map_err(|_| "cannot be read".to_owned())?;
        host.trim_matches(['[', ']']).clone_into(&mut uri.authority.host);
        // A slash at the end means the usual virtual host here: one without a name is nowhere in use.
        if uri.vhost.is_empty() {
            "/".clone_into(&mut uri.vhost);
        }
        uri.query.heartbeat = uri.query.heartbeat.or(Some(HEARTBEAT_S));
        Ok(Self {
            uri,
            trusted: None,
            topology: Topology::for_real(),
            prefetch: PREFETCH,
        })
    }

    /// Trusts the certificates in this file (PEM), beside those of the system. The error is a part of a sentence.
    pub fn trusting(mut self, ca_file: &Path) -> Result<Self, String> {
        let shown = ca_file.display();
        let pem = std::fs::read_to_string(ca_file).map_err(|fault| format!("{shown} cannot be read: {fault}"))?;
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err(format!("{shown} holds no certificate"));
        }
        if self.uri.scheme != AMQPScheme::AMQPS {
            return Err("is for an amqps:// address".to_owned());
        }
        self.trusted = Some(pem);
        Ok(self)
    }

    /// Hands at most this many events to a process before it has settled them.
    #[must_use]
    pub fn prefetching(mut self, events: u16) -> Self {
        self.prefetch = events;
        self
    }

    /// Uses queues of its own, whose names begin with `prefix` and that vanish minutes after the last use. A broker holds
    /// hundreds of queues, not thousands: delete them with [`Self::delete_test_queues`].
    #[must_use]
    pub fn for_test(mut self, prefix: &str) -> Self {
        self.topology = Topology::for_test(prefix);
        self
    }

    /// Deletes what a test has made for these queues; nothing at an address that is not for one.
    pub async fn delete_test_queues(&self, queues: &[&str]) -> Result<(), BusError> {
        let deleting = async {
            let connection = connect(self).await?;
            let channel = connection.create_channel().await?;
            self.topology.delete(&channel, queues).await
        };
        deleting.await.map_err(|fault: lapin::Error| {
            tracing::warn!(%fault, "the queues of a test stay behind");
            BusError::Away
        })
    }

    pub(super) fn tls(&self) -> OwnedTLSConfig {
        OwnedTLSConfig {
            identity: None,
            cert_chain: self.trusted.clone(),
        }
    }
}

impl std::fmt::Debug for BrokerAddress {
    /// Leaves out the name and the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("BrokerAddress")
            .field("host", &self.uri.authority.host)
            .field("port", &self.uri.authority.port)
            .field("vhost", &self.uri.vhost)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_its_defaults() {
        let address = BrokerAddress::parse("amqps://ada:p%40ss@[::1]/").unwrap();
        assert_eq!(
            (address.uri.authority.host.as_str(), address.uri.authority.port),
            ("::1", 5671)
        );
        assert_eq!(
            (address.uri.vhost.as_str(), address.uri.query.heartbeat),
            ("/", Some(HEARTBEAT_S))
        );
        assert_eq!(address.uri.authority.userinfo.password, "p@ss");
        let other = BrokerAddress::parse("amqp://broker.example.org:5000/chat?heartbeat=3").unwrap();
        assert_eq!((other.uri.vhost.as_str(), other.uri.query.heartbeat), ("chat", Some(3)));
        assert_eq!(
            (other.uri.authority.host.as_str(), other.uri.authority.port),
            ("broker.example.org", 5000)
        );
    }

    #[test]
    fn nothing_shows_the_password() {
        let address = BrokerAddress::parse("amqp://ada:secret@broker.example.org").unwrap();
        let shown = format!("{address:?}");
        assert!(
            shown.contains("broker.example.org") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
