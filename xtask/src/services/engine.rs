//! The kinds of servers, and what is the same for all of them.

use crate::services::background::Background;
use crate::services::mongodb::MongoDb;
use crate::services::place::Place;
use crate::services::rabbitmq::RabbitMq;
use crate::services::redis::{Redis, RedisCluster};

/// What the scaled-out form stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// A server that speaks MongoDB's protocol.
    MongoDb,
    Redis,
    /// Three nodes, for the tests of what a single one does differently.
    RedisCluster,
    RabbitMq,
}

/// A server of this checkout, from the packages of this machine.
pub(super) trait Local: Sync {
    /// What has to be installed.
    fn packages(&self) -> &'static [&'static str];

    /// Its processes, in the order they start.
    fn processes(&self, place: &Place) -> anyhow::Result<Vec<Background>>;

    /// Starts it without waiting for it.
    fn start(&self, place: &Place) -> anyhow::Result<()>;

    fn wait_until_it_answers(&self, place: &Place) -> anyhow::Result<()>;

    /// How clients reach it, with the password.
    fn url(&self, place: &Place) -> anyhow::Result<String>;
}

impl Engine {
    /// Everything that tests use, the slowest to start first.
    pub(crate) const ALL: [Self; 4] = [Self::RabbitMq, Self::MongoDb, Self::Redis, Self::RedisCluster];

    /// What the services need to run.
    pub(crate) const OF_SERVICES: [Self; 3] = [Self::RabbitMq, Self::MongoDb, Self::Redis];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::MongoDb => "MongoDB",
            Self::Redis => "Redis",
            Self::RedisCluster => "Redis cluster",
            Self::RabbitMq => "RabbitMQ",
        }
    }

    /// The variable that tests find it by, and that a person may name another server with.
    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::MongoDb => "TEST_MONGODB_URL",
            Self::Redis => "TEST_REDIS_URL",
            Self::RedisCluster => "TEST_REDIS_CLUSTER_URL",
            Self::RabbitMq => "TEST_AMQP_URL",
        }
    }

    pub(super) fn local(self) -> &'static dyn Local {
        match self {
            Self::MongoDb => &MongoDb,
            Self::Redis => &Redis,
            Self::RedisCluster => &RedisCluster,
            Self::RabbitMq => &RabbitMq,
        }
    }

    /// Whether all of its processes are there.
    pub(super) fn is_running(self, place: &Place) -> anyhow::Result<bool> {
        Ok(self.local().processes(place)?.iter().all(Background::is_running))
    }

    /// Stops what is there of it, the last process first. False when nothing was.
    pub(super) fn stop(self, place: &Place) -> anyhow::Result<bool> {
        let mut any = false;
        for process in self.local().processes(place)?.iter().rev() {
            any |= process.stop()?;
        }
        Ok(any)
    }

    /// How clients reach it, without the password.
    pub(super) fn address(self, place: &Place) -> anyhow::Result<String> {
        Ok(without_password(&self.local().url(place)?))
    }
}

fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
    format!("{scheme}://{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_printed_has_no_password() {
        assert_eq!(
            without_password("redis://:secret@127.0.0.1:6479"),
            "redis://127.0.0.1:6479"
        );
        assert_eq!(
            without_password("mongodb://127.0.0.1:27117"),
            "mongodb://127.0.0.1:27117"
        );
    }
}
