//! Which proxy and whose certificates this device uses: chosen by the organisation, else by the person, in a file of
//! the profile. A name and a password for a proxy are in the keychain and nowhere else.

#[cfg(target_os = "linux")]
mod portal;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use client::network::{CaFault, DesktopProxies, ProxyAddress, ProxyChoice, ProxyLogin};
use client::view::Failure;
use client::{Network, NetworkSettings, SecretStore};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::keychain::Keychain;
use crate::organisation::Organisation;
use crate::settings::Settings;

/// The file, below the folder of the profile.
const FILE: &str = "network.json";

/// The most of a list that is kept, and the longest text in it.
const MOST_BYPASSED: usize = 100;
const LONGEST_TEXT: usize = 1024;

/// What can be chosen about the way to the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NetworkChoice {
    pub mode: ProxyMode,
    /// The address of the proxy where one is chosen by hand, such as `http://proxy.example.org:3128`.
    pub proxy: String,
    /// Hosts that are reached without it.
    pub bypass: Vec<String>,
    /// A PEM file with more certificate authorities; blank for none.
    pub extra_ca_file: String,
}

/// Which proxy is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProxyMode {
    #[default]
    System,
    None,
    Manual,
}

/// A name and a password, as typed.
// Not Debug: it holds a password.
#[derive(Deserialize, TS)]
pub struct ProxyLoginChoice {
    pub user: String,
    pub password: String,
}

/// How this device reaches its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NetworkView {
    /// What counts now.
    pub choice: NetworkChoice,
    /// Whether the organisation set the proxy.
    pub proxy_decided: bool,
    /// Whether the organisation named the file of certificate authorities.
    pub ca_decided: bool,
    /// The proxy on the way to the server; null when there is none, or no server yet.
    pub proxy_in_use: Option<String>,
    /// The name that the proxy in use is shown.
    pub user: Option<String>,
    /// Whether the name and the password are forgotten at the end of this run, for the want of a keychain.
    pub login_for_this_run: bool,
    pub ca_fault: Option<CaFault>,
}

/// What the file holds: the choice, and for which proxy the keychain has a login.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    #[serde(flatten)]
    choice: NetworkChoice,
    login: Option<String>,
}

/// What the keychain holds.
#[derive(Serialize, Deserialize)]
struct KeptLogin {
    proxy: String,
    user: String,
    password: String,
}

/// The network of this device, and what was chosen for it. Clones are the same.
#[derive(Clone)]
pub(crate) struct NetworkDesk(Arc<Inner>);

struct Inner {
    path: PathBuf,
    network: Network,
    secrets: Arc<dyn SecretStore>,
    organisation: Organisation,
    /// The file of the environment, which counts where nobody named one.
    usual_ca: Option<PathBuf>,
    now: Mutex<Now>,
}

/// What is not for the person to choose.
struct Decided {
    proxy: Option<NetworkChoice>,
    ca: Option<String>,
    usual_ca: Option<PathBuf>,
}

#[derive(Default)]
struct Now {
    kept: Kept,
    login: Option<ProxyLogin>,
    for_this_run: bool,
}

impl NetworkDesk {
    /// Reads what was chosen. The login comes with [`Self::ready`], because a keychain may ask.
    pub(crate) fn open(folder: &Path, settings: &Settings, organisation: &Organisation) -> Self {
        let secrets = Keychain::of_profile(&format!("{}.proxy", settings.profile));
        let decisions = (organisation.clone(), settings.ca_file.clone());
        Self::of(folder, decisions, Arc::new(secrets), desktop())
    }

    fn of(
        folder: &Path,
        (organisation, usual_ca): (Organisation, Option<PathBuf>),
        secrets: Arc<dyn SecretStore>,
        desktop: Arc<dyn DesktopProxies>,
    ) -> Self {
        let path = folder.join(FILE);
        let kept = read(&path);
        let now = Now { kept, ..Now::default() };
        let decided = Decided::by(&organisation, usual_ca.as_ref());
        let network = Network::new(decided.settings(&now), desktop);
        Self(Arc::new(Inner {
            path,
            network,
            secrets,
            organisation,
            usual_ca,
            now: Mutex::new(now),
        }))
    }

    /// The network, once the keychain has said who one is to the proxy.
    pub(crate) async fn ready(&self) -> Network {
        let is_kept = self.now(|now| now.kept.login.is_some());
        if is_kept {
            match self.0.secrets.load().await {
                Ok(Some(text)) => {
                    let login = serde_json::from_str(&text).ok().map(|kept: KeptLogin| ProxyLogin {
                        proxy: kept.proxy,
                        user: kept.user,
                        password: kept.password,
                    });
                    self.now(|now| now.login = login);
                    self.apply();
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the login for the proxy cannot be read"),
            }
        }
        self.0.network.clone()
    }

    /// Follows what the organisation decides, for ever.
    pub(crate) async fn obey(&self) {
        let mut organisation = self.0.organisation.clone();
        loop {
            organisation.changed().await;
            self.apply();
        }
    }

    /// What is shown of it, for this server.
    pub(crate) async fn view(&self, server: &str) -> NetworkView {
        let route = match Url::parse(server) {
            Ok(url) => Some(self.0.network.route(&url).await),
            Err(_) => None,
        };
        let ca_fault = self.0.network.ca_fault().await;
        let decided = self.decided();
        let proxy_in_use = route.and_then(|route| route.proxy());
        let place = proxy_in_use
            .as_deref()
            .and_then(ProxyAddress::parse)
            .map(|proxy| proxy.place());
        self.now(|now| {
            let login = now.login.as_ref().filter(|login| Some(&login.proxy) == place.as_ref());
            NetworkView {
                choice: decided.over(&now.kept.choice),
                proxy_decided: decided.proxy.is_some(),
                ca_decided: decided.ca.is_some(),
                proxy_in_use,
                user: login.map(|login| login.user.clone()),
                login_for_this_run: login.is_some() && now.for_this_run,
                ca_fault,
            }
        })
    }

    /// Keeps these from now on, on the disk first, and uses them at once.
    pub(crate) fn choose(&self, choice: NetworkChoice) -> Result<(), Failure> {
        let choice = checked(choice)?;
        self.change(|now| now.kept.choice = choice)
    }

    /// Shows the proxy on the way to this server this name and password from now on; none forgets them.
    pub(crate) async fn set_login(&self, login: Option<ProxyLoginChoice>, server: &str) -> Result<(), Failure> {
        let Some(typed) = login else {
            if let Err(error) = self.0.secrets.clear().await {
                tracing::warn!(%error, "the login for the proxy could not be taken out of the keychain");
            }
            return self.change(|now| {
                now.kept.login = None;
                now.login = None;
            });
        };
        let proxy = self
            .proxy_to(server)
            .await
            .ok_or_else(|| Failure::InvalidAddress { address: String::new() })?;
        let kept = KeptLogin {
            proxy: proxy.place(),
            user: typed.user,
            password: typed.password,
        };
        let text = serde_json::to_string(&kept).unwrap_or_default();
        let saved = self.0.secrets.save(&text).await;
        if let Err(error) = &saved {
            tracing::warn!(%error, "the login for the proxy is kept for this run only");
        }
        self.change(|now| {
            now.kept.login = saved.is_ok().then(|| kept.proxy.clone());
            now.for_this_run = saved.is_err();
            now.login = Some(ProxyLogin {
                proxy: kept.proxy,
                user: kept.user,
                password: kept.password,
            });
        })
    }

    /// The proxy that a login is typed for: the one on the way, or the one that is chosen while no server is known.
    async fn proxy_to(&self, server: &str) -> Option<ProxyAddress> {
        if let Ok(url) = Url::parse(server)
            && let Some(proxy) = self.0.network.route(&url).await.proxy()
        {
            return ProxyAddress::parse(&proxy);
        }
        match self.0.network.settings().proxy {
            ProxyChoice::Manual { address, .. } => Some(address),
            ProxyChoice::System | ProxyChoice::None => None,
        }
    }

    fn change(&self, change: impl FnOnce(&mut Now)) -> Result<(), Failure> {
        self.now(|now| {
            change(now);
            write(&self.0.path, &now.kept).map_err(|error| Failure::Storage {
                detail: format!("{}: {error}", self.0.path.display()),
            })
        })?;
        self.apply();
        Ok(())
    }

    fn apply(&self) {
        let decided = self.decided();
        self.0.network.set(self.now(|now| decided.settings(now)));
    }

    fn decided(&self) -> Decided {
        Decided::by(&self.0.organisation, self.0.usual_ca.as_ref())
    }

    fn now<T>(&self, with: impl FnOnce(&mut Now) -> T) -> T {
        with(&mut self.0.now.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Decided {
    fn by(organisation: &Organisation, usual_ca: Option<&PathBuf>) -> Self {
        Self {
            proxy: organisation.proxy(),
            ca: organisation.extra_ca_file(),
            usual_ca: usual_ca.cloned(),
        }
    }

    /// What was decided, in the place of what the person chose.
    fn over(&self, choice: &NetworkChoice) -> NetworkChoice {
        let mut counts = self.proxy.clone().unwrap_or_else(|| choice.clone());
        counts.extra_ca_file = self.ca.clone().unwrap_or_else(|| choice.extra_ca_file.clone());
        counts
    }

    fn settings(&self, now: &Now) -> NetworkSettings {
        let choice = self.over(&now.kept.choice);
        let proxy = match (choice.mode, ProxyAddress::parse(&choice.proxy)) {
            (ProxyMode::None, _) => ProxyChoice::None,
            (ProxyMode::Manual, Some(address)) => ProxyChoice::Manual {
                address,
                bypass: choice.bypass,
            },
            (ProxyMode::System | ProxyMode::Manual, _) => ProxyChoice::System,
        };
        let named = Some(choice.extra_ca_file)
            .filter(|file| !file.is_empty())
            .map(PathBuf::from);
        NetworkSettings {
            proxy,
            login: now.login.clone(),
            extra_ca_file: named.or_else(|| self.usual_ca.clone()),
        }
    }
}

/// A choice that can be used.
fn checked(mut choice: NetworkChoice) -> Result<NetworkChoice, Failure> {
    if choice.mode == ProxyMode::Manual {
        let address = ProxyAddress::parse(&choice.proxy);
        choice.proxy = address
            .map(|address| address.text())
            .ok_or(Failure::InvalidAddress { address: choice.proxy })?;
    }
    choice.bypass.retain(|host| !host.trim().is_empty());
    choice.bypass.truncate(MOST_BYPASSED);
    for text in choice
        .bypass
        .iter_mut()
        .chain([&mut choice.extra_ca_file, &mut choice.proxy])
    {
        *text = text.trim().chars().take(LONGEST_TEXT).collect();
    }
    Ok(choice)
}

fn read(path: &Path) -> Kept {
    let read = match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| error.to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Kept::default()),
        Err(error) => Err(error.to_string()),
    };
    read.unwrap_or_else(|error| {
        tracing::warn!(%error, path = %path.display(), "what was chosen for the network cannot be read");
        Kept::default()
    })
}

/// Beside the old file first: a crash leaves the one or the other, never half of one.
fn write(path: &Path, kept: &Kept) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    std::fs::write(&fresh, serde_json::to_vec_pretty(kept)?)?;
    std::fs::rename(&fresh, path)
}

#[cfg(target_os = "linux")]
fn desktop() -> Arc<dyn DesktopProxies> {
    Arc::new(portal::Portal::default())
}

#[cfg(not(target_os = "linux"))]
fn desktop() -> Arc<dyn DesktopProxies> {
    Arc::new(client::network::NoDesktop)
}

#[cfg(test)]
impl NetworkDesk {
    /// One that nothing was decided for, with its login in memory.
    pub(crate) fn testing(folder: &Path) -> Self {
        Self::of(
            folder,
            (Organisation::of(policy::Reading::default()), None),
            Arc::new(client::MemorySecrets::default()),
            Arc::new(client::network::NoDesktop),
        )
    }
}
