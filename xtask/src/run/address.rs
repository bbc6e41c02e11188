//! Where the server of this checkout listens: the same address at every start, so that the app finds it again.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context, bail};

use crate::checkout::Checkout;
use crate::environment;

/// The server's own default, and that of the gateway in front of separate services; others are tried when another
/// program has it.
const LISTEN: u16 = 8080;
const GATEWAY_LISTEN: u16 = 8090;

/// Where the addresses are noted.
const SERVER_FILE: &str = "address";
const GATEWAY_FILE: &str = "services/gateway.address";

/// How many ports after the default are tried.
const TRIES: u16 = 100;

/// The address for the next start: chosen by the person, or that of the last start, or the first free one.
pub(super) fn for_start(checkout: &Checkout) -> anyhow::Result<SocketAddr> {
    noted(checkout, SERVER_FILE, LISTEN)
}

/// The address of the last start, if there was one.
pub(super) fn of_last_start(checkout: &Checkout) -> anyhow::Result<Option<SocketAddr>> {
    read(checkout, SERVER_FILE)
}

/// Like [`for_start`], for the gateway in front of separate services. An app keeps what it knows per address, so it has
/// one of its own.
pub(super) fn for_gateway(checkout: &Checkout) -> anyhow::Result<SocketAddr> {
    noted(checkout, GATEWAY_FILE, GATEWAY_LISTEN)
}

/// The address of the gateway's last start, if there was one.
pub(super) fn of_last_gateway(checkout: &Checkout) -> anyhow::Result<Option<SocketAddr>> {
    read(checkout, GATEWAY_FILE)
}

/// The address as clients on this machine write it.
pub(super) fn url(address: SocketAddr) -> String {
    // A server that listens everywhere is reached here by the loopback address.
    let host = if address.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        address.ip().to_string()
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("http://{host}:{}", address.port())
}

fn noted(checkout: &Checkout, name: &str, default: u16) -> anyhow::Result<SocketAddr> {
    let listen = pick(environment::chosen_listen(), read(checkout, name)?, default)?;
    let file = checkout.kept(name)?;
    fs::write(&file, format!("{listen}\n")).with_context(|| format!("writing {}", file.display()))?;
    Ok(listen)
}

fn read(checkout: &Checkout, name: &str) -> anyhow::Result<Option<SocketAddr>> {
    Ok(fs::read_to_string(checkout.kept(name)?)
        .ok()
        .and_then(|text| text.trim().parse().ok()))
}

fn pick(chosen: Option<String>, last: Option<SocketAddr>, default: u16) -> anyhow::Result<SocketAddr> {
    if let Some(chosen) = chosen {
        let parsed = chosen.parse().ok().filter(|address: &SocketAddr| address.port() != 0);
        return parsed.with_context(|| format!("LISTEN: {chosen} is not an address such as 127.0.0.1:{default}"));
    }
    if let Some(last) = last {
        if is_free(last) {
            return Ok(last);
        }
        bail!(
            "{last}, where this checkout's server listened before, is taken by another program: stop it, or set LISTEN"
        );
    }
    let candidates = (default..default + TRIES).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let free = candidates.into_iter().find(|candidate| is_free(*candidate));
    let free = free.with_context(|| format!("no free port from {default} to {}", default + TRIES - 1))?;
    if free.port() != default {
        println!("   port {default} is taken by another program: using {}", free.port());
    }
    Ok(free)
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An address that is taken for as long as the listener lives.
    fn taken() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[test]
    fn a_server_that_listens_everywhere_is_reached_by_loopback() {
        assert_eq!(url("0.0.0.0:8080".parse().unwrap()), "http://127.0.0.1:8080");
        assert_eq!(url("127.0.0.1:8081".parse().unwrap()), "http://127.0.0.1:8081");
        assert_eq!(url("[::1]:8081".parse().unwrap()), "http://[::1]:8081");
    }

    #[test]
    fn what_a_person_chose_is_taken_as_it_is() {
        let picked = pick(Some("0.0.0.0:8443".to_owned()), None, LISTEN).unwrap();

        assert_eq!(picked, "0.0.0.0:8443".parse().unwrap());
    }

    #[test]
    fn a_port_that_would_change_at_every_start_is_refused() {
        assert!(pick(Some("127.0.0.1:0".to_owned()), None, LISTEN).is_err());
    }

    #[test]
    fn a_taken_default_is_passed_over() {
        let (_listener, address) = taken();

        assert_ne!(pick(None, None, address.port()).unwrap(), address);
    }

    #[test]
    fn the_last_address_is_not_given_up_silently() {
        let (_listener, address) = taken();

        let fault = pick(None, Some(address), LISTEN).unwrap_err();

        assert!(fault.to_string().contains(&address.to_string()), "got {fault}");
    }
}
