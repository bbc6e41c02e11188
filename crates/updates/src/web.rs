//! How a server of updates is asked: encrypted, with bounds on time and size.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::redirect;
use url::{Host, Url};

use crate::manifest::{Manifest, ManifestFault};
use crate::verdict::Channel;

/// Finding the server and shaking hands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// A server that sends nothing for so long has gone.
const SILENCE: Duration = Duration::from_secs(30);

/// A whole manifest.
const MANIFEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest manifest, in bytes. Notes of one version and a dozen files take a tenth.
const LARGEST_MANIFEST: usize = 256 * 1024;

/// The most servers that may pass a request on: a release page, its store, and two to spare.
const MOST_REDIRECTS: usize = 4;

/// What a client of HTTP is told besides its way: anything but proxies and TLS.
pub type Build = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// The way of this app to other machines: its proxy and the certificates that it trusts.
#[async_trait]
pub trait Connect: Send + Sync {
    /// A client for the host of this address; otherwise why there is none.
    async fn client(&self, url: &Url, build: Build) -> Result<reqwest::Client, String>;
}

/// The proxy and the certificates of the system.
#[derive(Debug, Clone, Copy)]
pub struct AsTheSystem;

#[async_trait]
impl Connect for AsTheSystem {
    async fn client(&self, url: &Url, build: Build) -> Result<reqwest::Client, String> {
        let builder = build(reqwest::Client::builder());
        // A proxy stands elsewhere and would look for the server on itself.
        let builder = if is_this_machine(url) {
            builder.no_proxy()
        } else {
            builder
        };
        builder.build().map_err(|error| unheard(&error).to_string())
    }
}

/// Where manifests lie: `stable.json` and `beta.json` below one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source(Url);

/// The way to servers of updates. Nothing is held open between two questions.
#[derive(Clone)]
pub struct Web {
    connect: Arc<dyn Connect>,
    plain_on_this_machine: bool,
}

/// Why a server was not asked, or not heard.
#[derive(Debug, thiserror::Error)]
pub enum WebFault {
    #[error("{0} is not encrypted")]
    NotEncrypted(Url),
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    #[error("the server answered with status {0}")]
    Status(u16),
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    #[error("what the server offers cannot be read: {0}")]
    Manifest(#[from] ManifestFault),
}

impl Source {
    /// Reads the address of the folder.
    pub fn read(text: &str) -> Option<Self> {
        let mut url = Url::parse(text.trim()).ok()?;
        if url.cannot_be_a_base() || url.host().is_none() {
            return None;
        }
        if !url.path().ends_with('/') {
            let folder = format!("{}/", url.path());
            url.set_path(&folder);
        }
        Some(Self(url))
    }

    /// Where a channel's manifest lies.
    pub fn manifest(&self, channel: Channel) -> Url {
        let mut url = self.0.clone();
        let path = format!("{}{}.json", url.path(), channel.word());
        url.set_path(&path);
        url
    }
}

impl Web {
    /// Encrypted servers only.
    pub fn new(connect: Arc<dyn Connect>) -> Self {
        Self {
            connect,
            plain_on_this_machine: false,
        }
    }

    /// Servers on this machine may speak plainly as well, for tests and for whoever tries a server of their own.
    #[must_use]
    pub fn plain_on_this_machine(self) -> Self {
        Self {
            plain_on_this_machine: true,
            ..self
        }
    }

    /// Asks what there is on a channel.
    pub async fn manifest(&self, source: &Source, channel: Channel) -> Result<Manifest, WebFault> {
        let url = source.manifest(channel);
        let request = self.client(&url).await?.get(url).timeout(MANIFEST_TIMEOUT);
        let mut answer = request.send().await.map_err(|error| unheard(&error))?;
        if !answer.status().is_success() {
            return Err(WebFault::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|error| unheard(&error))? {
            if bytes.len() + part.len() > LARGEST_MANIFEST {
                return Err(WebFault::TooLarge(LARGEST_MANIFEST as u64));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Manifest::read(&bytes)?)
    }

    /// A client for this address, which keeps to the rules wherever it is sent on to.
    pub(crate) async fn client(&self, url: &Url) -> Result<reqwest::Client, WebFault> {
        let plain = self.plain_on_this_machine;
        if !is_safe(url, plain) {
            return Err(WebFault::NotEncrypted(url.clone()));
        }
        let redirects = redirect::Policy::custom(move |attempt| {
            if !is_safe(attempt.url(), plain) {
                let to = attempt.url().clone();
                attempt.error(WebFault::NotEncrypted(to))
            } else if attempt.previous().len() > MOST_REDIRECTS {
                attempt.error("too many redirects")
            } else {
                attempt.follow()
            }
        });
        let build = move |builder: reqwest::ClientBuilder| {
            builder
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(SILENCE)
                .redirect(redirects)
                .user_agent(concat!("loquat/", env!("CARGO_PKG_VERSION")))
        };
        let client = self.connect.client(url, Box::new(build)).await;
        client.map_err(WebFault::Unreachable)
    }
}

/// Whether nobody between here and there can read or change what is said.
fn is_safe(url: &Url, plain_on_this_machine: bool) -> bool {
    url.scheme() == "https" || (plain_on_this_machine && url.scheme() == "http" && is_this_machine(url))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What kept a question from its answer, by the innermost reason: the others only say that it happened.
pub(crate) fn unheard(error: &reqwest::Error) -> WebFault {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        if let Some(WebFault::NotEncrypted(url)) = source.downcast_ref() {
            return WebFault::NotEncrypted(url.clone());
        }
        innermost = source;
    }
    WebFault::Unreachable(innermost.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_lies_in_the_folder_whether_or_not_its_address_ends_with_a_slash() {
        for text in ["https://a.example/loquat", "https://a.example/loquat/"] {
            let url = Source::read(text).unwrap().manifest(Channel::Beta);
            assert_eq!(url.as_str(), "https://a.example/loquat/beta.json");
        }
        assert_eq!(Source::read("loquat"), None);
        assert_eq!(Source::read("mailto:a@example.org"), None);
    }

    #[test]
    fn only_this_machine_may_speak_plainly_and_only_when_allowed() {
        let safe = |text: &str, plain| is_safe(&Url::parse(text).unwrap(), plain);
        assert!(safe("https://a.example/", false));
        assert!(safe("http://127.0.0.1:8080/", true) && !safe("http://127.0.0.1:8080/", false));
        assert!(safe("http://[::1]/", true) && safe("http://localhost/", true));
        assert!(!safe("http://a.example/", true) && !safe("http://localhost.a.example/", true));
        assert!(!safe("file:///etc/passwd", true) && !safe("ftp://127.0.0.1/", true));
    }
}
