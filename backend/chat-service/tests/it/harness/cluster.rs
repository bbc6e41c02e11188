//! Two nodes of the service on real engines.
#![expect(
    clippy::unwrap_used,
    reason = "a harness that cannot start has nothing to say but where"
)]

use std::net::SocketAddr;
use std::sync::Arc;

use service_kit::cache::Cache;
use service_kit::redis::Redis;
use service_kit::store::Documents;
use service_kit::store::mongo::{Address, Mongo};
use test_kit::engines::{self, MongoDatabase};
use test_kit::fault_proxy::FaultProxy;

use super::{Broker, Engines, Service, settings};

/// Two nodes, and the network between them and their Redis.
pub(crate) struct Cluster {
    pub(crate) one: Service,
    pub(crate) two: Service,
    pub(crate) redis: FaultProxy,
    cache: Cache,
    _database: MongoDatabase,
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        let prefix = fresh_prefix();
        let redis = FaultProxy::to(redis_server()).await.unwrap();
        let (database, one, two) = two_nodes(&prefix, || by_way_of(&redis)).await;
        let cache = Cache::Redis(by_way_of(&redis).with_prefix(&prefix));
        Self {
            one,
            two,
            cache,
            redis,
            _database: database,
        }
    }
}

/// Two nodes whose Redis is a cluster itself.
pub(crate) struct Sharded {
    pub(crate) one: Service,
    pub(crate) two: Service,
    _database: MongoDatabase,
}

impl Sharded {
    pub(crate) async fn start() -> Self {
        let redis = || Redis::new(&engines::redis_cluster_url(), None).unwrap();
        let (database, one, two) = two_nodes(&fresh_prefix(), redis).await;
        Self {
            one,
            two,
            _database: database,
        }
    }
}

fn fresh_prefix() -> String {
    format!("test-{:016x}", rand::random::<u64>())
}

async fn two_nodes(prefix: &str, redis: impl Fn() -> Redis) -> (MongoDatabase, Service, Service) {
    let database = MongoDatabase::fresh();
    let engines = || Engines {
        documents: Documents::Mongo(Mongo::new(Address::parse(&database.url()).unwrap())),
        cache: Cache::Redis(redis().with_prefix(prefix)),
        broker: Broker::RabbitMq {
            url: engines::amqp_url(),
            prefix: prefix.to_owned(),
        },
    };
    let folder = || Arc::new(tempfile::tempdir().unwrap());
    let (one, two) = (engines(), engines());
    let (one, two) = tokio::join!(
        Service::of(&one, folder(), settings()),
        Service::of(&two, folder(), settings())
    );
    for node in [&one, &two] {
        node.until_ready().await;
    }
    (database, one, two)
}

impl Cluster {
    /// Says something on a channel, as another service does.
    pub(crate) async fn say(&self, channel: &str, payload: Vec<u8>) {
        self.cache.publish(channel, payload).await.unwrap();
    }
}

fn redis_server() -> SocketAddr {
    let url = url::Url::parse(&engines::redis_url()).unwrap();
    url.socket_addrs(|| Some(6379)).unwrap()[0]
}

fn by_way_of(proxy: &FaultProxy) -> Redis {
    let mut url = url::Url::parse(&engines::redis_url()).unwrap();
    url.set_host(Some(&proxy.address().ip().to_string())).unwrap();
    url.set_port(Some(proxy.address().port())).unwrap();
    Redis::new(url.as_str(), None).unwrap()
}
