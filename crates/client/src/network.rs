//! How this device reaches its server and whom it trusts there: one decision for REST, the socket and updates.
//!
//! Nothing in this crate opens a connection in another way, so that nothing goes around a proxy that somebody chose.

mod certificate;
mod fault;
mod proxy;
mod reach;
mod route;
mod system;
mod trust;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::sync::watch;
use url::Url;

pub(crate) use self::certificate::issuer;
pub use self::certificate::{CertificateFault, CertificateProblem};
pub use self::fault::ProxyFault;
pub(crate) use self::fault::{certificate_fault, failure_of, not_trusted, of_reach};
pub use self::proxy::{ProxyAddress, ProxyChoice, ProxyLogin};
pub(crate) use self::reach::{Stream, reach};
pub use self::route::Route;
use self::system::Environment;
pub use self::system::{DesktopProxies, NoDesktop};
use self::trust::Trust;
pub use self::trust::{CaFault, CaProblem};

/// Finding the server, or the proxy in front of it, and shaking hands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long what the desktop said of its proxies counts: a laptop changes its network, and every request asks.
const SYSTEM_COUNTS_FOR: Duration = Duration::from_secs(10);
/// Ways that are kept ready: to the server, to its updates, and to a server that is just being tried.
const MOST_CLIENTS: usize = 4;

/// What was chosen for this device, by the person or for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkSettings {
    pub proxy: ProxyChoice,
    /// Shown to the proxy that it was given for, and to no other.
    pub login: Option<ProxyLogin>,
    /// A PEM file with certificate authorities that are trusted besides those of the system.
    pub extra_ca_file: Option<PathBuf>,
}

/// The network of one device. Clones are the same.
#[derive(Clone)]
pub struct Network(Arc<Inner>);

struct Inner {
    settings: watch::Sender<NetworkSettings>,
    environment: Environment,
    desktop: Arc<dyn DesktopProxies>,
    said: system::Said,
    trust: tokio::sync::Mutex<Option<(Option<PathBuf>, Arc<Trust>)>>,
    clients: Mutex<Vec<Ready>>,
}

/// A client for one way, as long as it is the way.
struct Ready {
    route: Route,
    encrypted: bool,
    http: reqwest::Client,
}

impl Network {
    /// The network of this device; `desktop` knows which proxy the person chose for all programs.
    pub fn new(settings: NetworkSettings, desktop: Arc<dyn DesktopProxies>) -> Self {
        Self(Arc::new(Inner {
            settings: watch::Sender::new(settings),
            environment: Environment::of_process(),
            desktop,
            said: system::Said::default(),
            trust: tokio::sync::Mutex::default(),
            clients: Mutex::default(),
        }))
    }

    /// What counts now.
    pub fn settings(&self) -> NetworkSettings {
        self.0.settings.borrow().clone()
    }

    /// Takes other settings. Whoever is connected connects anew; requests that are under way end as they began.
    pub fn set(&self, settings: NetworkSettings) {
        self.0.settings.send_if_modified(|now| {
            let differs = *now != settings;
            *now = settings;
            differs
        });
        self.forget();
    }

    /// Forgets what was found out: the network of this computer changed.
    pub(crate) fn forget(&self) {
        self.0.said.forget();
        crate::lock(&self.0.clients).clear();
    }

    /// Tells of other settings.
    pub(crate) fn changes(&self) -> watch::Receiver<NetworkSettings> {
        self.0.settings.subscribe()
    }

    /// The way to where this URL points.
    pub async fn route(&self, url: &Url) -> Route {
        let settings = self.settings();
        if proxy::is_this_machine(url) {
            // A proxy stands elsewhere and would look for the server on itself.
            return Route::Direct;
        }
        let route = match &settings.proxy {
            ProxyChoice::None => Route::Direct,
            ProxyChoice::Manual { address, bypass } => route::by_hand(url, address, bypass),
            ProxyChoice::System => match self.0.environment.route(url) {
                Some(route) => route,
                None => self.0.said.route(url, &*self.0.desktop).await,
            },
        };
        route.with_login(settings.login.as_ref())
    }

    /// A client of HTTP for the host of this URL, which goes where everything of this device goes and trusts whom it
    /// trusts. `build` may set anything but proxies and TLS.
    ///
    /// The way is decided for this host, and a redirect to another one takes it as well.
    pub async fn http_client(
        &self,
        url: &Url,
        build: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<reqwest::Client, NetworkError> {
        self.build(&self.route(url).await, url.scheme() == "https", build).await
    }

    /// The client for this way, made once.
    pub(crate) async fn http(&self, route: &Route, encrypted: bool) -> Result<reqwest::Client, NetworkError> {
        let is_it = |ready: &Ready| ready.route == *route && ready.encrypted == encrypted;
        let ready = crate::lock(&self.0.clients)
            .iter()
            .find(|ready| is_it(ready))
            .map(|ready| ready.http.clone());
        if let Some(http) = ready {
            return Ok(http);
        }
        let changes = self.changes();
        let plain = |builder: reqwest::ClientBuilder| builder.redirect(reqwest::redirect::Policy::none());
        let http = self.build(route, encrypted, plain).await?;
        if !changes.has_changed().unwrap_or(true) {
            let mut clients = crate::lock(&self.0.clients);
            clients.truncate(MOST_CLIENTS - 1);
            clients.insert(
                0,
                Ready {
                    route: route.clone(),
                    encrypted,
                    http: http.clone(),
                },
            );
        }
        Ok(http)
    }

    async fn build(
        &self,
        route: &Route,
        encrypted: bool,
        build: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<reqwest::Client, NetworkError> {
        crate::tls::install();
        let tls = if encrypted || route.is_encrypted() {
            let mut config = self.tls().await?;
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            config
        } else {
            crate::tls::unused()
        };
        let builder = build(reqwest::Client::builder())
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("loquat/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .tls_backend_preconfigured(tls);
        let builder = match route {
            Route::Direct => builder,
            Route::Through { proxy, login } => builder.proxy(proxy.for_reqwest(login.as_ref())?),
            Route::Unusable { proxy } => return Err(NetworkError::UnusableProxy(proxy.clone())),
        };
        Ok(builder.build()?)
    }

    /// Whom this device trusts, for one connection.
    pub(crate) async fn tls(&self) -> Result<ClientConfig, NetworkError> {
        Ok(self.trust().await?.config())
    }

    /// What is wrong with the file of more certificate authorities, if anything is.
    pub async fn ca_fault(&self) -> Option<CaFault> {
        match self.trust().await {
            Ok(trust) => trust.fault().cloned(),
            Err(_) => None,
        }
    }

    async fn trust(&self) -> Result<Arc<Trust>, NetworkError> {
        let file = self.settings().extra_ca_file;
        let mut held = self.0.trust.lock().await;
        if let Some((known, trust)) = held.as_ref()
            && *known == file
            && trust.fault().is_none()
        {
            return Ok(Arc::clone(trust));
        }
        let wanted = file.clone();
        // The certificates of the system are some hundred files.
        let read = tokio::task::spawn_blocking(move || Trust::read(wanted.as_deref())).await;
        let trust = Arc::new(read.map_err(|error| NetworkError::Trust(error.to_string()))??);
        *held = Some((file, Arc::clone(&trust)));
        Ok(trust)
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new(NetworkSettings::default(), Arc::new(NoDesktop))
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Network").field(&self.settings()).finish()
    }
}

/// Why no connection can even be tried.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    #[error("the proxy {0} is of a kind that is not known here")]
    UnusableProxy(String),
    #[error("the certificates of this system cannot be read: {0}")]
    Trust(String),
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}
