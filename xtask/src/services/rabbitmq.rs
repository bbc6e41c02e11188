//! RabbitMQ, with everything of its own: a home with the secret of its nodes, settings, and the directory of nodes that it
//! would else share with every other Erlang program of the machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::secrets;
use crate::services::background::Background;
use crate::services::engine::Local;
use crate::services::place::{Place, loopback};
use crate::services::probe;

/// Debian's own start script changes to another user first; this one does not, so the folders stay ours.
const DEBIANS_PROGRAM: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// The name of its folder and its port.
const NAME: &str = "rabbitmq";

/// Erlang's directory of nodes; RabbitMQ cannot start without one.
const DIRECTORY: &str = "rabbitmq-epmd";

/// The port at which nodes of a cluster would talk.
const NODES: &str = "rabbitmq-nodes";

/// Not RabbitMQ's own 5672, 25672 and 4369.
const FIRST_PORT: u16 = 5772;
const FIRST_NODES_PORT: u16 = 25772;
const FIRST_DIRECTORY_PORT: u16 = 4469;

const USER: &str = "loquat";

pub(super) struct RabbitMq;

impl Local for RabbitMq {
    fn packages(&self) -> &'static [&'static str] {
        &["rabbitmq-server"]
    }

    fn processes(&self, place: &Place) -> anyhow::Result<Vec<Background>> {
        let folder = place.folder(NAME)?;
        Ok(vec![
            Background::new(DIRECTORY, folder.clone()),
            Background::new(NAME, folder),
        ])
    }

    fn start(&self, place: &Place) -> anyhow::Result<()> {
        let folder = place.folder(NAME)?;
        // One that was left without the other would hold its port.
        for process in self.processes(place)?.iter().rev() {
            process.stop()?;
        }
        let directory_port = place.take_port(DIRECTORY, FIRST_DIRECTORY_PORT)?.to_string();
        let mut directory = Command::new("epmd");
        directory.args(["-port", &directory_port, "-address", "127.0.0.1"]);
        Background::new(DIRECTORY, folder.clone()).start(directory)?;

        write_settings(&folder, place.take_port(NAME, FIRST_PORT)?, &place.password()?)?;
        let nodes_port = place.take_port(NODES, FIRST_NODES_PORT)?.to_string();
        let mut broker = Command::new(program());
        broker
            .env("HOME", folder.join("home"))
            .env("ERL_EPMD_PORT", directory_port)
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODENAME", "loquat@localhost")
            .env("RABBITMQ_DIST_PORT", nodes_port)
            .env(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}",
            )
            .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
            .env("RABBITMQ_LOG_BASE", folder.join("logs"))
            .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq.conf"))
            .env("RABBITMQ_CONF_ENV_FILE", folder.join("environment"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"));
        Background::new(NAME, folder).start(broker)
    }

    fn wait_until_it_answers(&self, place: &Place) -> anyhow::Result<()> {
        let address = loopback(place.port(NAME)?);
        Background::new(NAME, place.folder(NAME)?).wait_until(|| probe::rabbitmq(address))
    }

    fn url(&self, place: &Place) -> anyhow::Result<String> {
        let (password, address) = (place.password()?, loopback(place.port(NAME)?));
        Ok(format!("amqp://{USER}:{password}@{address}"))
    }
}

fn write_settings(folder: &Path, port: u16, password: &str) -> anyhow::Result<()> {
    for name in ["home", "data", "logs"] {
        let inner = folder.join(name);
        fs::create_dir_all(&inner).with_context(|| format!("creating {}", inner.display()))?;
    }
    // Erlang refuses a secret that others may read. The user is made at the first start, with this password.
    secrets::write(&folder.join("home/.erlang.cookie"), password)?;
    let settings = format!(
        "listeners.tcp.1 = {}\ndefault_user = {USER}\ndefault_pass = {password}\n\
         disk_free_limit.absolute = 100MB\nvm_memory_high_watermark.absolute = 512MB\n",
        loopback(port)
    );
    secrets::write(&folder.join("rabbitmq.conf"), &settings)?;
    secrets::write(&folder.join("environment"), "")?;
    secrets::write(&folder.join("plugins"), "[].\n")
}

fn program() -> PathBuf {
    let debians = PathBuf::from(DEBIANS_PROGRAM);
    if debians.exists() {
        debians
    } else {
        PathBuf::from("rabbitmq-server")
    }
}
