//! Redis alone, and three of them as a cluster. What they hold is short-lived by design, so nothing goes to disk and every
//! start is empty.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Context, bail};

use crate::processes;
use crate::secrets;
use crate::services::background::Background;
use crate::services::engine::Local;
use crate::services::place::{Place, loopback};
use crate::services::probe;

/// Not Redis' own 6379.
const FIRST_PORT: u16 = 6479;

/// The first ports of the nodes of the cluster. They also talk to each other, 10,000 above.
const NODES: [(&str, u16); 3] = [
    ("redis-cluster-1", 7481),
    ("redis-cluster-2", 7581),
    ("redis-cluster-3", 7681),
];

/// The name of its folder and its port.
const NAME: &str = "redis";

const PACKAGES: &[&str] = &["redis-server"];

pub(super) struct Redis;

pub(super) struct RedisCluster;

impl Local for Redis {
    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn processes(&self, place: &Place) -> anyhow::Result<Vec<Background>> {
        Ok(vec![Background::new(NAME, place.folder(NAME)?)])
    }

    fn start(&self, place: &Place) -> anyhow::Result<()> {
        start_node(place, NAME, FIRST_PORT, "")
    }

    fn wait_until_it_answers(&self, place: &Place) -> anyhow::Result<()> {
        wait_for_node(place, NAME)
    }

    fn url(&self, place: &Place) -> anyhow::Result<String> {
        let (password, address) = (place.password()?, loopback(place.port(NAME)?));
        Ok(format!("redis://:{password}@{address}"))
    }
}

impl Local for RedisCluster {
    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn processes(&self, place: &Place) -> anyhow::Result<Vec<Background>> {
        let node = |(name, _)| Ok(Background::new(name, place.folder(name)?));
        NODES.into_iter().map(node).collect()
    }

    /// A node remembers the others by their addresses, which may be other ones now: what it remembers is removed.
    fn start(&self, place: &Place) -> anyhow::Result<()> {
        for process in self.processes(place)? {
            process.stop()?;
        }
        for (name, port) in NODES {
            let folder = place.folder(name)?;
            fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
            start_node(place, name, port, "cluster-enabled yes\ncluster-node-timeout 2000\n")?;
        }
        Ok(())
    }

    fn wait_until_it_answers(&self, place: &Place) -> anyhow::Result<()> {
        let password = place.password()?;
        let mut addresses = Vec::new();
        for (name, _) in NODES {
            wait_for_node(place, name)?;
            addresses.push(loopback(place.port(name)?));
        }
        let is_whole = |address: &SocketAddr| probe::redis_cluster(*address, &password, NODES.len());
        if !addresses.iter().all(is_whole) {
            join(&addresses, &password)?;
        }
        let (first, _) = NODES[0];
        Background::new(first, place.folder(first)?).wait_until(|| addresses.iter().all(is_whole))
    }

    fn url(&self, place: &Place) -> anyhow::Result<String> {
        let (first, _) = NODES[0];
        let (password, address) = (place.password()?, loopback(place.port(first)?));
        Ok(format!("redis://:{password}@{address}?cluster=true"))
    }
}

fn start_node(place: &Place, name: &'static str, first_port: u16, more: &str) -> anyhow::Result<()> {
    let port = place.take_port(name, first_port)?;
    let folder = place.folder(name)?;
    let password = place.password()?;
    // In a file, because everybody on this machine can read command lines.
    let settings = format!(
        "bind 127.0.0.1\nport {port}\nsave \"\"\nappendonly no\nrequirepass {password}\nmasterauth {password}\n{more}"
    );
    let file = folder.join("redis.conf");
    secrets::write(&file, &settings)?;
    let mut command = Command::new("redis-server");
    command.arg(file);
    Background::new(name, folder).start(command)
}

fn wait_for_node(place: &Place, name: &'static str) -> anyhow::Result<()> {
    let (password, address) = (place.password()?, loopback(place.port(name)?));
    Background::new(name, place.folder(name)?).wait_until(|| probe::redis(address, &password))
}

/// Makes one cluster of nodes that know nothing yet.
fn join(nodes: &[SocketAddr], password: &str) -> anyhow::Result<()> {
    let mut command = Command::new("redis-cli");
    command
        .env("REDISCLI_AUTH", password)
        .args(["--cluster", "create"])
        .args(nodes.iter().map(SocketAddr::to_string))
        .arg("--cluster-yes");
    if processes::answer(command).is_none() {
        bail!("redis-cli could not make a cluster of {nodes:?}");
    }
    Ok(())
}
