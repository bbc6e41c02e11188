//! Where the servers of this checkout keep things: folders, ports, and the password.

use std::fs::{self, Permissions};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::checkout::Checkout;
use crate::secrets;

/// How many ports after the first are tried.
const TRIES: u16 = 100;

/// `.loquat/services/`. Only its owner may look into it.
#[derive(Clone)]
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn of(checkout: &Checkout) -> anyhow::Result<Self> {
        let root = checkout.kept("services")?;
        fs::create_dir_all(&root).with_context(|| format!("creating {}", root.display()))?;
        fs::set_permissions(&root, Permissions::from_mode(0o700)).context("closing the folder of the servers")?;
        Ok(Self(root))
    }

    /// The folder of one server; it exists.
    pub(crate) fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.0.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        Ok(folder)
    }

    /// Writes a file that nobody else may read; returns where it is.
    pub(super) fn write_secret(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let file = self.0.join(name);
        secrets::write(&file, text)?;
        Ok(file)
    }

    /// What the servers of this checkout ask for, where they can: made once. Loopback alone would let everybody with an
    /// account on this machine in.
    pub(super) fn password(&self) -> anyhow::Result<String> {
        let file = self.0.join("password");
        if let Ok(password) = fs::read_to_string(&file) {
            return Ok(password);
        }
        let password = secrets::random()?;
        secrets::write(&file, &password)?;
        Ok(password)
    }

    /// The port that a server was given at its last start.
    pub(crate) fn port(&self, name: &str) -> anyhow::Result<u16> {
        let file = self.0.join(format!("{name}.port"));
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        text.trim()
            .parse()
            .with_context(|| format!("{} holds no port", file.display()))
    }

    /// A port for a start: that of the last one, or the first one from `first` on that nobody has.
    pub(crate) fn take_port(&self, name: &str, first: u16) -> anyhow::Result<u16> {
        let last = self.port(name).ok();
        let port = last
            .filter(|port| is_free(*port))
            .map_or_else(|| free_from(first), Ok)?;
        if port != last.unwrap_or(first) {
            println!(
                "   {name}: port {} is taken by another program, using {port}",
                last.unwrap_or(first)
            );
        }
        let file = self.0.join(format!("{name}.port"));
        fs::write(&file, format!("{port}\n")).with_context(|| format!("writing {}", file.display()))?;
        Ok(port)
    }
}

/// An address on this machine alone.
pub(crate) const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

fn free_from(first: u16) -> anyhow::Result<u16> {
    match (first..first + TRIES).find(|port| is_free(*port)) {
        Some(port) => Ok(port),
        None => bail!("no free port from {first} to {}", first + TRIES - 1),
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(loopback(port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place of its own, removed in the end.
    struct Scratch(Place);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-place-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(Place(folder))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0.0).unwrap();
        }
    }

    #[test]
    fn a_password_is_made_once_and_for_its_owner_alone() {
        let scratch = Scratch::new("password");

        let password = scratch.0.password().unwrap();

        assert!(!password.is_empty());
        assert_eq!(scratch.0.password().unwrap(), password);
        let mode = fs::metadata(scratch.0.0.join("password")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_port_is_remembered_and_given_up_when_another_program_has_it() {
        let scratch = Scratch::new("port");
        let taken = TcpListener::bind(loopback(0)).unwrap();
        let port = taken.local_addr().unwrap().port();

        let other = scratch.0.take_port("redis", port).unwrap();

        assert_ne!(other, port);
        assert_eq!(scratch.0.port("redis").unwrap(), other);
        assert_eq!(scratch.0.take_port("redis", port).unwrap(), other);
    }
}
