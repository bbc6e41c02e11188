//! What a node stands on.

use std::path::PathBuf;
use std::sync::Arc;

use event_bus::{BrokerAddress, Bus};
use service_kit::cache::Cache;
use service_kit::store::Documents;
use service_kit::{Lifecycle, SystemClock};

/// The engines of one node.
pub(crate) struct Engines {
    pub(crate) documents: Documents,
    pub(crate) cache: Cache,
    pub(crate) broker: Broker,
}

/// Where events are.
pub(crate) enum Broker {
    File(PathBuf),
    RabbitMq { url: String, prefix: String },
}

impl Broker {
    pub(super) fn open(&self, lifecycle: &Lifecycle) -> Bus {
        match self {
            Self::File(path) => Bus::open_sqlite(path, Arc::new(SystemClock)).unwrap(),
            Self::RabbitMq { url, prefix } => {
                let address = BrokerAddress::parse(url).unwrap().for_test(prefix);
                Bus::connect_amqp(address, Arc::new(SystemClock), lifecycle)
            }
        }
    }
}
