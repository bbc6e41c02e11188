//! A proxy: where it is, when it is used, and who one is to it.

use std::fmt;

use url::{Host, Url};

/// Which proxy stands between this device and its server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// Whatever the operating system says.
    #[default]
    System,
    /// None, whatever the operating system says.
    None,
    /// This one, except for these hosts.
    Manual { address: ProxyAddress, bypass: Vec<String> },
}

/// A name and a password for one proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyLogin {
    /// The host and port it was given for.
    pub proxy: String,
    pub user: String,
    pub password: String,
}

impl fmt::Debug for ProxyLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProxyLogin").finish_non_exhaustive()
    }
}

/// How one speaks to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Http,
    /// HTTP inside TLS.
    Https,
    Socks5,
}

/// Where a proxy is, without who one is to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAddress {
    pub(crate) kind: Kind,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl ProxyAddress {
    /// Reads `proxy.example.org:3128`, `http://…`, `https://…` or `socks5://…`. A name and a password in it are no
    /// part of the address and make it wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let url = read(text)?;
        let plain = url.username().is_empty() && url.password().is_none();
        plain.then(|| Self::of(&url)).flatten()
    }

    /// [`ProxyAddress::parse`] of what a system says, with the login that may stand in it.
    pub(crate) fn parse_with_login(text: &str) -> Option<(Self, Option<ProxyLogin>)> {
        let url = read(text)?;
        let address = Self::of(&url)?;
        let decoded = |part: &str| percent_decoded(part);
        let login = (!url.username().is_empty()).then(|| ProxyLogin {
            proxy: address.place(),
            user: decoded(url.username()),
            password: decoded(url.password().unwrap_or_default()),
        });
        Some((address, login))
    }

    fn of(url: &Url) -> Option<Self> {
        let (kind, usual) = match url.scheme() {
            "http" => (Kind::Http, 80),
            "https" => (Kind::Https, 443),
            "socks5" | "socks5h" | "socks" => (Kind::Socks5, 1080),
            _ => return None,
        };
        let host = url.host_str().filter(|host| !host.is_empty())?;
        Some(Self {
            kind,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual),
        })
    }

    /// Host and port: what a login is bound to.
    pub fn place(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    /// As it is shown and kept.
    pub fn text(&self) -> String {
        let scheme = match self.kind {
            Kind::Http => "http",
            Kind::Https => "https",
            Kind::Socks5 => "socks5",
        };
        format!("{scheme}://{}", self.place())
    }

    /// With `socks5h` the proxy looks up the names, as it does for the socket.
    pub(super) fn for_reqwest(&self, login: Option<&ProxyLogin>) -> Result<reqwest::Proxy, reqwest::Error> {
        let scheme = match self.kind {
            Kind::Http => "http",
            Kind::Https => "https",
            Kind::Socks5 => "socks5h",
        };
        let text = format!("{scheme}://{}", self.place());
        match (Url::parse(&text), login) {
            (Ok(mut url), Some(login)) => {
                // Neither fails on an address with a host.
                let () = url.set_username(&login.user).unwrap_or_default();
                let () = url.set_password(Some(&login.password)).unwrap_or_default();
                reqwest::Proxy::all(url)
            }
            _ => reqwest::Proxy::all(text),
        }
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        }
    }
}

fn read(text: &str) -> Option<Url> {
    let text = text.trim();
    let spelled = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&spelled).ok()?;
    let has_more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
    (!has_more && !text.contains(char::is_whitespace)).then_some(url)
}

/// A part of a URL as it was before it was put in one.
fn percent_decoded(part: &str) -> String {
    // A query is decoded the same way, but for the plus sign, which stands for itself here.
    let query = format!("a={}", part.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.next().map_or_else(String::new, |(_, value)| value.into_owned())
}

/// Whether a URL names this machine itself.
pub(super) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(typed: &str) -> Option<String> {
        ProxyAddress::parse(typed).map(|address| address.text())
    }

    #[test]
    fn an_address_is_read_as_people_type_it() {
        assert_eq!(
            text("proxy.example.org:3128").as_deref(),
            Some("http://proxy.example.org:3128")
        );
        assert_eq!(
            text(" https://proxy.example.org ").as_deref(),
            Some("https://proxy.example.org:443")
        );
        assert_eq!(text("socks5h://10.0.0.1").as_deref(), Some("socks5://10.0.0.1:1080"));
        assert_eq!(text("http://[::1]:8080/").as_deref(), Some("http://[::1]:8080"));
    }

    #[test]
    fn what_is_no_proxy_is_refused() {
        for typed in [
            "",
            "ftp://x",
            "socks4://x:1080",
            "http://",
            "a b",
            "http://x/path",
            "http://ada:secret@x:1",
        ] {
            assert_eq!(ProxyAddress::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_login_in_the_environment_is_read_and_not_shown() {
        let (address, login) = ProxyAddress::parse_with_login("http://ada:p%40ss+1@proxy:3128").unwrap();
        let login = login.unwrap();
        assert_eq!((login.user.as_str(), login.password.as_str()), ("ada", "p@ss+1"));
        assert_eq!(address.text(), "http://proxy:3128");
        assert!(!format!("{login:?}").contains("p@ss"), "{login:?}");
    }
}
