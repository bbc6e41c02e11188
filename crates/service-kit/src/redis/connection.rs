//! The way to one server or to a cluster.

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::io::tcp::TcpSettings;
use redis::{Client, Cmd, ConnectionInfo, Pipeline, ProtocolVersion, RedisFuture, RedisResult, TlsCertificates, Value};

use super::{CONNECT_DEADLINE, DEADLINE};

/// A lost connection is made again at once; then it is up to the next command.
const RECONNECTS: usize = 1;

/// Where it is, and how to get there.
pub(super) enum Route {
    Single(Box<Client>),
    Cluster(Box<Parts>),
}

/// A cluster's client is made anew for a listener, which brings its own queue.
pub(super) struct Parts {
    info: ConnectionInfo,
    certificates: TlsCertificates,
}

impl Parts {
    pub(super) fn builder(&self) -> redis::cluster::ClusterClientBuilder {
        let builder = ClusterClient::builder([self.info.clone()])
            .connection_timeout(CONNECT_DEADLINE)
            .response_timeout(DEADLINE)
            .tcp_settings(tcp_settings())
            .use_protocol(ProtocolVersion::RESP3);
        if is_encrypted(&self.info) {
            builder.certs(self.certificates.clone())
        } else {
            builder
        }
    }
}

impl Route {
    pub(super) fn new(info: ConnectionInfo, certificates: TlsCertificates, is_cluster: bool) -> RedisResult<Self> {
        if is_cluster {
            let parts = Parts { info, certificates };
            parts.builder().build()?;
            return Ok(Self::Cluster(Box::new(parts)));
        }
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let info = info.set_redis_settings(settings).set_tcp_settings(tcp_settings());
        let client = if is_encrypted(&info) {
            Client::build_with_tls(info, certificates)?
        } else {
            Client::open(info)?
        };
        Ok(Self::Single(Box::new(client)))
    }

    pub(super) fn is_cluster(&self) -> bool {
        matches!(self, Self::Cluster(_))
    }

    /// A connection that mends itself.
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        match self {
            Self::Single(client) => {
                let config = ConnectionManagerConfig::new()
                    .set_number_of_retries(RECONNECTS)
                    .set_connection_timeout(Some(CONNECT_DEADLINE))
                    .set_response_timeout(Some(DEADLINE));
                let manager = ConnectionManager::new_lazy_with_config(Client::clone(client), config)?;
                Ok(Connection::Single(manager))
            }
            Self::Cluster(parts) => {
                let connection = parts.builder().build()?.get_async_connection().await?;
                Ok(Connection::Cluster(connection))
            }
        }
    }
}

/// Small commands are sent at once: waiting for the acknowledgement of the one before would cost up to 40 ms.
fn tcp_settings() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

fn is_encrypted(info: &ConnectionInfo) -> bool {
    matches!(info.addr(), redis::ConnectionAddr::TcpTls { .. })
}

/// Where commands are sent.
#[derive(Clone)]
pub(super) enum Connection {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(connection) => connection.req_packed_command(command),
            Self::Cluster(connection) => connection.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}
