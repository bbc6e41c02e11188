//! Which proxy this computer uses for everything: said by the environment, else by the operating system.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::time::Instant;
use url::Url;

use super::SYSTEM_COUNTS_FOR;
use super::route::{Route, uri};

/// Servers whose way is remembered.
const MOST_REMEMBERED: usize = 16;

/// Where a desktop says which proxy is to be used. Windows and macOS are asked without it.
#[async_trait]
pub trait DesktopProxies: Send + Sync {
    /// The ways to this URL, the best first: `direct://` or the URL of a proxy. Empty when the desktop says nothing.
    async fn lookup(&self, url: &Url) -> Vec<String>;
}

/// A desktop that says nothing.
#[derive(Debug, Default)]
pub struct NoDesktop;

#[async_trait]
impl DesktopProxies for NoDesktop {
    async fn lookup(&self, _url: &Url) -> Vec<String> {
        Vec::new()
    }
}

/// The variables that curl made usual; none when no proxy is named in them.
pub(super) struct Environment(Option<Named>);

struct Named {
    /// Decides by `NO_PROXY` and the scheme whether there is a proxy at all.
    matcher: Matcher,
    /// The proxies as they are spelled, by scheme; the matcher forgets schemes it does not know.
    proxies: BTreeMap<&'static str, String>,
}

impl Environment {
    #[expect(
        clippy::disallowed_methods,
        reason = "every program reads these, whatever its own settings are called"
    )]
    pub(super) fn of_process() -> Self {
        Self::read(|name| std::env::var(name).ok())
    }

    /// A small letter wins, as with curl.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| {
            let given = variable(&name.to_lowercase()).or_else(|| variable(name));
            given.filter(|value| !value.trim().is_empty())
        };
        let all = value("ALL_PROXY");
        let mut proxies = BTreeMap::new();
        for (scheme, name) in [("http", "HTTP_PROXY"), ("https", "HTTPS_PROXY")] {
            if let Some(proxy) = value(name).or_else(|| all.clone()) {
                proxies.insert(scheme, proxy);
            }
        }
        if proxies.is_empty() {
            return Self(None);
        }
        let matcher = Matcher::builder()
            .all("http://proxy")
            .no(value("NO_PROXY").unwrap_or_default())
            .build();
        Self(Some(Named { matcher, proxies }))
    }

    /// The way it names; none when it names no proxy for anything, so that the system is to be asked.
    pub(super) fn route(&self, url: &Url) -> Option<Route> {
        let named = self.0.as_ref()?;
        let is_taken = uri(url).is_some_and(|uri| named.matcher.intercept(&uri).is_some());
        let proxy = named.proxies.get(url.scheme()).filter(|_| is_taken);
        Some(proxy.map_or(Route::Direct, |proxy| Route::named(proxy)))
    }
}

/// What the system said a moment ago.
#[derive(Default)]
pub(super) struct Said(Mutex<BTreeMap<String, (Instant, Route)>>);

impl Said {
    pub(super) fn forget(&self) {
        crate::lock(&self.0).clear();
    }

    pub(super) async fn route(&self, url: &Url, desktop: &dyn DesktopProxies) -> Route {
        let origin = url.origin().ascii_serialization();
        if let Some((at, route)) = crate::lock(&self.0).get(&origin)
            && at.elapsed() < SYSTEM_COUNTS_FOR
        {
            return route.clone();
        }
        let route = ask(url, desktop).await;
        let mut held = crate::lock(&self.0);
        if held.len() >= MOST_REMEMBERED {
            held.clear();
        }
        held.insert(origin, (Instant::now(), route.clone()));
        route
    }
}

async fn ask(url: &Url, desktop: &dyn DesktopProxies) -> Route {
    if let Some(first) = desktop.lookup(url).await.first() {
        return Route::named(first);
    }
    if cfg!(any(target_os = "windows", target_os = "macos"))
        && let Some(uri) = uri(url)
        && let Some(named) = Matcher::from_system().intercept(&uri)
    {
        return Route::named(&named.uri().to_string());
    }
    Route::Direct
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The proxy for this URL, `direct` without one, and `system` where the environment says nothing.
    fn way(variables: &[(&str, &str)], url: &str) -> String {
        let environment = Environment::read(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        match environment.route(&Url::parse(url).unwrap()) {
            Some(route) => route.proxy().unwrap_or_else(|| "direct".to_owned()),
            None => "system".to_owned(),
        }
    }

    #[test]
    fn the_environment_names_a_proxy_by_scheme() {
        let variables = [("HTTPS_PROXY", "http://secure:1"), ("all_proxy", "socks5://all:2")];
        assert_eq!(way(&variables, "https://x.org"), "http://secure:1");
        assert_eq!(way(&variables, "http://x.org"), "socks5://all:2");
    }

    #[test]
    fn hosts_of_no_proxy_are_reached_straight_and_the_system_is_not_asked() {
        let variables = [("https_proxy", "proxy:1"), ("NO_PROXY", "x.org,10.0.0.0/8")];
        assert_eq!(way(&variables, "https://chat.x.org"), "direct");
        assert_eq!(way(&variables, "https://10.2.0.1"), "direct");
        assert_eq!(way(&variables, "https://y.org"), "http://proxy:1");
        assert_eq!(way(&variables, "http://y.org"), "direct", "nothing is said of http");
    }

    #[test]
    fn an_environment_without_proxies_leaves_it_to_the_system() {
        assert_eq!(
            way(&[("NO_PROXY", "x.org"), ("HTTPS_PROXY", " ")], "https://x.org"),
            "system"
        );
    }

    struct Portal;

    #[async_trait]
    impl DesktopProxies for Portal {
        async fn lookup(&self, url: &Url) -> Vec<String> {
            let proxy = if url.host_str() == Some("near.org") {
                "direct://"
            } else {
                "http://proxy:3128"
            };
            vec![proxy.to_owned(), "direct://".to_owned()]
        }
    }

    #[tokio::test]
    async fn the_desktop_decides_for_each_server() {
        let said = Said::default();
        let far = said.route(&Url::parse("https://far.org").unwrap(), &Portal).await;
        let near = said.route(&Url::parse("https://near.org").unwrap(), &Portal).await;
        assert_eq!(far.proxy().as_deref(), Some("http://proxy:3128"));
        assert_eq!(near, Route::Direct);
    }
}
