//! The way to a server: straight, or through a proxy.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::proxy::{Kind, ProxyAddress, ProxyLogin};

/// How a server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Direct,
    Through {
        proxy: ProxyAddress,
        login: Option<ProxyLogin>,
    },
    /// The system names a proxy of a kind that this program cannot speak to. Going around it is not for us to decide.
    Unusable {
        proxy: String,
    },
}

impl Route {
    /// Through the proxy that a system names, as a URL or `direct://`.
    pub(super) fn named(text: &str) -> Self {
        if text.starts_with("direct:") {
            return Self::Direct;
        }
        match ProxyAddress::parse_with_login(text) {
            Some((proxy, login)) => Self::Through { proxy, login },
            None => Self::Unusable {
                proxy: without_login(text),
            },
        }
    }

    /// With this login, where it was given for the proxy of this way and the way has none of its own.
    pub(super) fn with_login(self, known: Option<&ProxyLogin>) -> Self {
        match self {
            Self::Through { proxy, login: None } => {
                let login = known.filter(|login| login.proxy == proxy.place()).cloned();
                Self::Through { proxy, login }
            }
            other => other,
        }
    }

    /// The proxy, as it is shown.
    pub fn proxy(&self) -> Option<String> {
        match self {
            Self::Direct => None,
            Self::Through { proxy, .. } => Some(proxy.text()),
            Self::Unusable { proxy } => Some(proxy.clone()),
        }
    }

    /// Whether TLS is spoken to the proxy itself.
    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self, Self::Through { proxy, .. } if proxy.kind == Kind::Https)
    }
}

/// Through the proxy that somebody chose, except for the hosts they named.
pub(super) fn by_hand(url: &Url, proxy: &ProxyAddress, bypass: &[String]) -> Route {
    let matcher = Matcher::builder().all("http://proxy").no(bypass.join(",")).build();
    if is_taken(&matcher, url) {
        Route::Through {
            proxy: proxy.clone(),
            login: None,
        }
    } else {
        Route::Direct
    }
}

/// Whether a matcher sends this URL to its proxy.
fn is_taken(matcher: &Matcher, url: &Url) -> bool {
    uri(url).is_some_and(|uri| matcher.intercept(&uri).is_some())
}

/// The URL as matchers read it.
pub(super) fn uri(url: &Url) -> Option<Uri> {
    url.as_str().parse().ok()
}

/// What a system said, without a name and a password in it.
fn without_login(text: &str) -> String {
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(url: &str, bypass: &[&str]) -> Route {
        let bypass: Vec<String> = bypass.iter().map(|host| (*host).to_owned()).collect();
        by_hand(
            &Url::parse(url).unwrap(),
            &ProxyAddress::parse("proxy:3128").unwrap(),
            &bypass,
        )
    }

    #[test]
    fn hosts_that_are_left_out_are_reached_straight() {
        let bypass = [".intranet.example.org", "10.0.0.0/8", "chat.example.net"];
        for around in [
            "https://chat.intranet.example.org",
            "https://10.1.2.3:8443",
            "http://chat.example.net",
        ] {
            assert_eq!(chosen(around, &bypass), Route::Direct, "{around}");
        }
        for through in [
            "https://chat.example.org",
            "https://11.0.0.1",
            "http://notchat.example.net",
        ] {
            assert_eq!(
                chosen(through, &bypass).proxy().as_deref(),
                Some("http://proxy:3128"),
                "{through}"
            );
        }
    }

    #[test]
    fn a_login_goes_to_the_proxy_it_was_given_for_and_to_no_other() {
        let login = ProxyLogin {
            proxy: "proxy:3128".to_owned(),
            user: "ada".to_owned(),
            password: "secret".to_owned(),
        };
        let shown = |named: &str| match Route::named(named).with_login(Some(&login)) {
            Route::Through { login, .. } => login,
            _ => None,
        };
        assert_eq!(shown("http://proxy:3128"), Some(login.clone()));
        assert_eq!(shown("http://proxy:3129"), None);
        assert_eq!(shown("http://elsewhere:3128"), None);
    }

    #[test]
    fn an_unknown_kind_of_proxy_is_not_gone_around() {
        let route = Route::named("socks4://ada:secret@proxy:1080");
        assert_eq!(route.proxy().as_deref(), Some("socks4://proxy:1080"));
        assert!(matches!(route, Route::Unusable { .. }));
        assert_eq!(Route::named("direct://"), Route::Direct);
    }
}
