//! The address of a server, as people type it and as it is used.

use std::net::IpAddr;

use url::{Host, Url};

use crate::view::Failure;

/// A checked address: scheme, host and port, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    base: Url,
}

impl Address {
    /// Reads `chat.example.org`, `localhost:8080` or a whole URL.
    ///
    /// Without a scheme it is https, except on this machine, where certificates are not to be had. Plain http to
    /// another machine must be spelled out. A path, as copied from a browser, is dropped.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let invalid = || Failure::InvalidAddress {
            address: text.to_owned(),
        };
        let typed = text.trim();
        let has_scheme = typed.contains("://");
        let spelled = if has_scheme {
            typed.to_owned()
        } else {
            format!("https://{typed}")
        };
        let mut base = Url::parse(&spelled).map_err(|_| invalid())?;
        let plausible =
            matches!(base.scheme(), "https" | "http") && base.username().is_empty() && base.password().is_none();
        if !plausible || base.host_str().is_none_or(str::is_empty) {
            return Err(invalid());
        }
        base.set_path("");
        base.set_query(None);
        base.set_fragment(None);
        let address = Self { base };
        if !has_scheme && address.is_this_machine() {
            return Self::parse(&format!("http://{typed}"));
        }
        Ok(address)
    }

    /// Whether it names this machine itself.
    fn is_this_machine(&self) -> bool {
        match self.base.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            None => false,
        }
    }

    /// Whether it is spoken to through TLS.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// The address as shown and stored, without a trailing slash.
    pub(crate) fn text(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// As a URL.
    pub(crate) fn url(&self) -> &Url {
        &self.base
    }

    /// Host and port.
    pub(crate) fn place(&self) -> (&str, u16) {
        let host = self.base.host_str().unwrap_or_default().trim_matches(['[', ']']);
        (host, self.base.port_or_known_default().unwrap_or(443))
    }

    /// The URL of a path that begins with `/`.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text())
    }

    /// The URL of the socket.
    pub(crate) fn socket(&self) -> String {
        let scheme = if self.is_encrypted() { "wss" } else { "ws" };
        let rest = self.text().split_once("://").map_or("", |(_, rest)| rest);
        format!("{scheme}://{rest}/v1/socket")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        Address::parse(text).unwrap().text().to_owned()
    }

    #[test]
    fn a_bare_name_is_https() {
        assert_eq!(read("chat.example.org"), "https://chat.example.org");
        assert_eq!(
            read(" Chat.Example.org:8443/login?x=1#y "),
            "https://chat.example.org:8443"
        );
    }

    #[test]
    fn this_machine_is_http() {
        assert_eq!(read("localhost:8080"), "http://localhost:8080");
        assert_eq!(read("127.0.0.1:80"), "http://127.0.0.1");
        assert_eq!(read("[::1]:8080"), "http://[::1]:8080");
        assert_eq!(read("https://localhost:8443"), "https://localhost:8443");
    }

    #[test]
    fn plain_http_elsewhere_must_be_spelled_out() {
        assert_eq!(read("http://10.0.0.7:8080"), "http://10.0.0.7:8080");
        assert_eq!(read("10.0.0.7:8080"), "https://10.0.0.7:8080");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "  ",
            "ftp://x.org",
            "https://",
            "http://user:secret@x.org",
            "a b",
            "x.org:99999",
        ] {
            assert!(
                matches!(Address::parse(text), Err(Failure::InvalidAddress { .. })),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_socket_follows_the_scheme() {
        assert_eq!(Address::parse("x.org").unwrap().socket(), "wss://x.org/v1/socket");
        assert_eq!(
            Address::parse("localhost:8080").unwrap().socket(),
            "ws://localhost:8080/v1/socket"
        );
    }
}
