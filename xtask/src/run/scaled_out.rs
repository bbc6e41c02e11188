//! The form for many machines on one: the servers, user-service, mail-service, two chat-services, and the gateway.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context, bail};

use crate::builds;
use crate::checkout::Checkout;
use crate::packages;
use crate::processes;
use crate::run::gateway::Gateway;
use crate::run::{Backend, address, probe};
use crate::services::{self, Engine, Place, Servers, loopback};
use crate::steps::Output;

/// The name of each process, its program, and the first port that is tried for it. Operators are served 1000 above.
const PROCESSES: [(&str, &str, u16); 4] = [
    ("user-service", "user-service", 8181),
    ("mail-service", "mail-service", 8281),
    ("chat-service-1", "chat-service", 8381),
    ("chat-service-2", "chat-service", 8481),
];

/// Whoever holds it runs the services of this checkout.
const LOCK: &str = "services/run.lock";

/// Services that are ready, behind one address.
pub(super) struct ScaledOut {
    url: String,
    /// None when another `cargo xtask run` of this checkout started them.
    ours: Option<Ours>,
}

/// Dropped in the order of the fields: the servers last.
struct Ours {
    parts: Vec<Part>,
    servers: Servers,
    _lock: File,
}

struct Part {
    name: &'static str,
    child: Child,
    log: Option<PathBuf>,
}

/// Where one process listens, for people and for operators.
#[derive(Clone, Copy)]
pub(super) struct Ports {
    pub(super) listen: SocketAddr,
    operators: SocketAddr,
}

/// Installs what [`ScaledOut::start`] needs.
pub(crate) fn install(output: &Output) -> anyhow::Result<()> {
    packages::ensure(packages::GATEWAY, output)?;
    services::install(&Engine::OF_SERVICES, output)
}

impl ScaledOut {
    /// The services of this checkout, when they run already.
    pub(super) fn running(checkout: &Checkout) -> anyhow::Result<Option<Self>> {
        if lock(checkout)?.is_some() {
            return Ok(None);
        }
        let listen = address::of_last_gateway(checkout)?.context("the services of this checkout are just starting")?;
        Ok(Some(Self {
            url: address::url(listen),
            ours: None,
        }))
    }

    /// Starts all of them and waits until each is ready. None when we were asked to stop meanwhile.
    pub(super) fn start(checkout: &Checkout) -> anyhow::Result<Option<Self>> {
        println!("\n== services");
        let lock = lock(checkout)?.context("the services of this checkout run already")?;
        let servers = Servers::run(checkout, &Engine::OF_SERVICES)?;
        let listen = address::for_gateway(checkout)?;
        let url = address::url(listen);
        let mut ours = Ours {
            parts: Vec::new(),
            servers,
            _lock: lock,
        };
        let is_ready = ours.start(checkout, listen)?;
        if !is_ready {
            return Ok(None);
        }
        println!("\nLoquat is ready at {url}: two chat-services behind one gateway.");
        println!("Mails are printed here; everything else is in .loquat/services/*/*.log");
        Ok(Some(Self { url, ours: Some(ours) }))
    }

    /// Where each process listens.
    pub(super) fn ports(checkout: &Checkout) -> anyhow::Result<Vec<(&'static str, Ports)>> {
        let place = Place::of(checkout)?;
        PROCESSES
            .into_iter()
            .map(|(name, _, _)| Ok((name, Ports::of(&place, name)?)))
            .collect()
    }
}

impl Backend for ScaledOut {
    fn url(&self) -> &str {
        &self.url
    }

    fn is_ours(&self) -> bool {
        self.ours.is_some()
    }

    fn ended(&mut self) -> anyhow::Result<Option<String>> {
        for part in self.ours.iter_mut().flat_map(|ours| &mut ours.parts) {
            if let Some(status) = part.child.try_wait()? {
                return Ok(Some(format!(
                    "{} ended by itself with {status}; {}",
                    part.name,
                    part.says_why()
                )));
            }
        }
        Ok(None)
    }

    fn stop(&mut self) -> anyhow::Result<()> {
        match self.ours.take() {
            Some(mut ours) => ours.stop(),
            None => Ok(()),
        }
    }
}

impl Ours {
    fn start(&mut self, checkout: &Checkout, gateway: SocketAddr) -> anyhow::Result<bool> {
        let place = Place::of(checkout)?;
        let mut ports = Vec::new();
        for (name, _, first) in PROCESSES {
            ports.push(Ports::take(&place, name, first)?);
        }
        let user_service = ports[0].listen;
        for ((name, program, _), ports) in PROCESSES.into_iter().zip(&ports) {
            let mut command = Command::new(builds::program(checkout, program)?);
            self.settings_of(&mut command, program, gateway, user_service)?;
            let folder = place.folder(name)?;
            command
                .current_dir(&folder)
                .env("DATA_DIR", folder.join("data"))
                .env("LISTEN", ports.listen.to_string())
                .env("OPS_LISTEN", ports.operators.to_string());
            let log = (program != "mail-service").then(|| folder.join(format!("{name}.log")));
            self.parts.push(Part::start(name, command, log)?);
        }
        for (part, ports) in self.parts.iter_mut().zip(&ports) {
            if !part.wait_until_ready(ports.listen)? {
                return Ok(false);
            }
        }
        let chat_services: Vec<SocketAddr> = ports[2..].iter().map(|ports| ports.listen).collect();
        let folder = place.folder("gateway")?;
        let settings = Gateway {
            listen: gateway,
            user_service,
            chat_services: &chat_services,
        };
        let command = settings.prepare(checkout, &folder)?;
        let mut part = Part::start("gateway", command, Some(folder.join("gateway.log")))?;
        let is_there = part.wait_until_healthy(gateway);
        self.parts.push(part);
        is_there
    }

    /// What a process is told beside its addresses. `--dev` lets everybody sign in, makes secrets and prints mails.
    fn settings_of(
        &self,
        command: &mut Command,
        program: &str,
        gateway: SocketAddr,
        user_service: SocketAddr,
    ) -> anyhow::Result<()> {
        let database = match program {
            "user-service" => "loquat_users",
            "mail-service" => "loquat_mail",
            _ => "loquat_chat",
        };
        command
            .env("PUBLIC_URL", address::url(gateway))
            .env(
                "DATABASE_URL",
                with_database(self.servers.url(Engine::MongoDb)?, database),
            )
            .env("CACHE_URL", self.servers.url(Engine::Redis)?)
            .env("BROKER_URL", self.servers.url(Engine::RabbitMq)?);
        if program == "chat-service" {
            command.env("JWKS_URL", format!("http://{user_service}/.well-known/jwks.json"));
        } else {
            command.arg("--dev").env("TRUSTED_PROXIES", "127.0.0.1");
        }
        Ok(())
    }

    /// The gateway first, so that nobody asks what is stopping; user-service and mail-service last.
    fn stop(&mut self) -> anyhow::Result<()> {
        let mut faults = Vec::new();
        while let Some(mut part) = self.parts.pop() {
            match processes::stop(&mut part.child) {
                Ok(status) if status.success() => {}
                Ok(status) => faults.push(format!("{} ended with {status}; {}", part.name, part.says_why())),
                Err(fault) => faults.push(format!("{}: {fault:#}", part.name)),
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            bail!("{}", faults.join("\n"))
        }
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        if let Err(fault) = self.stop() {
            eprintln!("{fault:#}");
        }
    }
}

impl Part {
    /// Writes to the terminal when it has no log.
    fn start(name: &'static str, mut command: Command, log: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(log) = &log {
            let file = File::create(log).with_context(|| format!("writing {}", log.display()))?;
            command.stdout(file.try_clone()?).stderr(file);
        }
        let child = processes::start(command).with_context(|| format!("starting {name}"))?;
        Ok(Self { name, child, log })
    }

    fn wait_until_ready(&mut self, address: SocketAddr) -> anyhow::Result<bool> {
        let ready = probe::wait_until_ready(self.name, address, || Ok(self.child.try_wait()?));
        ready.with_context(|| self.says_why())
    }

    fn wait_until_healthy(&mut self, address: SocketAddr) -> anyhow::Result<bool> {
        let healthy = probe::wait_until_healthy(self.name, address, || Ok(self.child.try_wait()?));
        healthy.with_context(|| self.says_why())
    }

    fn says_why(&self) -> String {
        match &self.log {
            Some(log) => format!("{} says why", log.display()),
            None => "what it printed above says why".to_owned(),
        }
    }
}

impl Ports {
    fn take(place: &Place, name: &str, first: u16) -> anyhow::Result<Self> {
        place.take_port(name, first)?;
        place.take_port(&format!("{name}-operators"), first + 1000)?;
        Self::of(place, name)
    }

    fn of(place: &Place, name: &str) -> anyhow::Result<Self> {
        Ok(Self {
            listen: loopback(place.port(name)?),
            operators: loopback(place.port(&format!("{name}-operators"))?),
        })
    }
}

/// None when somebody else holds it.
fn lock(checkout: &Checkout) -> anyhow::Result<Option<File>> {
    let path = checkout.kept(LOCK)?;
    let file = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(fault)) => Err(fault).context("looking whether services run"),
    }
}

/// A server's URL with this database in the place of any that it names.
fn with_database(url: &str, database: &str) -> String {
    let (address, options) = url.split_at(url.find('?').unwrap_or(url.len()));
    let hosts = address.find("://").map_or(0, |place| place + "://".len());
    let end = address[hosts..].find('/').map_or(address.len(), |place| hosts + place);
    format!("{}/{database}{options}", &address[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_a_database_of_its_own() {
        assert_eq!(
            with_database("mongodb://127.0.0.1:27117", "mail"),
            "mongodb://127.0.0.1:27117/mail"
        );
        assert_eq!(
            with_database("mongodb://ada:pw@one,two/test?replicaSet=rs0", "mail"),
            "mongodb://ada:pw@one,two/mail?replicaSet=rs0"
        );
    }
}
