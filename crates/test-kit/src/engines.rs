//! The real servers that tests use: where they are, and a place of its own on them for every test.
//!
//! `cargo xtask test` starts them and says where they are. A test that needs one is ignored without it, and
//! says so when it is run by hand.

use mongodb::Client;

/// Where a MongoDB is, such as `mongodb://127.0.0.1:27017`.
pub fn mongodb_url() -> String {
    named_by("TEST_MONGODB_URL")
}

/// Where a Redis is, such as `redis://127.0.0.1:6379`.
pub fn redis_url() -> String {
    named_by("TEST_REDIS_URL")
}

/// Where a Redis cluster is, such as `redis://127.0.0.1:7000?cluster=true`.
pub fn redis_cluster_url() -> String {
    named_by("TEST_REDIS_CLUSTER_URL")
}

/// Where a RabbitMQ is, such as `amqp://guest:guest@127.0.0.1:5672`.
pub fn amqp_url() -> String {
    named_by("TEST_AMQP_URL")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the settings of a test run come from whoever starts it"
)]
fn named_by(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} names no server: run `cargo xtask test`, or set it to one that runs"))
}

/// A database that only one test uses. Dropped with all it holds when this is dropped.
#[derive(Debug)]
pub struct MongoDatabase {
    server: String,
    name: String,
}

impl MongoDatabase {
    /// A database that nobody has used before, on the server that tests use.
    pub fn fresh() -> Self {
        Self {
            server: mongodb_url(),
            name: format!("loquat_test_{:016x}", rand::random::<u64>()),
        }
    }

    /// Another one, whose name begins with this one's.
    #[must_use]
    pub fn beside(&self, ending: &str) -> Self {
        Self {
            server: self.server.clone(),
            name: format!("{}_{ending}", self.name),
        }
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The database as a URL.
    pub fn url(&self) -> String {
        url_of(&self.server, None, &self.name)
    }

    /// The database as a URL by way of another address, such as that of a proxy in front of the server.
    pub fn url_by_way_of(&self, address: std::net::SocketAddr) -> String {
        url_of(&self.server, Some(address), &self.name)
    }

    /// Where the server listens, for a proxy in front of it.
    pub fn server(&self) -> std::net::SocketAddr {
        let (_, host, _) = parts_of(&self.server);
        let mut found =
            std::net::ToSocketAddrs::to_socket_addrs(host).expect("TEST_MONGODB_URL names one host and port");
        found.next().expect("TEST_MONGODB_URL names a host that exists")
    }
}

impl Drop for MongoDatabase {
    fn drop(&mut self) {
        let (url, name) = (self.server.clone(), self.name.clone());
        // The test's own runtime may be at its end, or be this very thread.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let client = Client::with_uri_str(url).await.map_err(std::io::Error::other)?;
                client.database(&name).drop().await.map_err(std::io::Error::other)
            })
        });
        match dropping.join() {
            Ok(Ok(())) => {}
            failed => eprintln!("the database {} stays behind: {failed:?}", self.name),
        }
    }
}

/// A server's URL with a database, and with another address if one is given.
fn url_of(server: &str, address: Option<std::net::SocketAddr>, database: &str) -> String {
    let (before, host, options) = parts_of(server);
    let host = address.map_or_else(|| host.to_owned(), |address| address.to_string());
    format!("{before}{host}/{database}{options}")
}

/// What comes before the hosts, the hosts, and what comes after the path.
fn parts_of(url: &str) -> (&str, &str, &str) {
    let (rest, options) = url.split_at(url.find('?').unwrap_or(url.len()));
    let rest = rest.trim_end_matches('/');
    let start = rest.find("://").map_or(0, |place| place + 3);
    let start = rest[start..].find('@').map_or(start, |place| start + place + 1);
    let (before, host) = rest.split_at(start);
    (before, host, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_goes_between_the_hosts_and_the_options() {
        assert_eq!(
            url_of("mongodb://localhost:27017", None, "test"),
            "mongodb://localhost:27017/test"
        );
        assert_eq!(
            url_of("mongodb://ada:pw@one,two/?replicaSet=rs0", None, "test"),
            "mongodb://ada:pw@one,two/test?replicaSet=rs0"
        );
    }

    #[test]
    fn another_address_keeps_who_is_asking() {
        let proxy = "127.0.0.1:99".parse().unwrap();
        assert_eq!(
            url_of("mongodb://ada:pw@localhost:27017/?tls=false", Some(proxy), "test"),
            "mongodb://ada:pw@127.0.0.1:99/test?tls=false"
        );
    }
}
