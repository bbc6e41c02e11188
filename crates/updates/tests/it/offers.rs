//! Releases as somebody publishes them, and an app that looks for them.
#![expect(clippy::unwrap_used, reason = "a harness fails where it stands")]

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use test_kit::update_server::{KeyPair, UpdateServer, keys};
use updates::verdict::judge;
use updates::web::AsTheSystem;
use updates::{Channel, Fetcher, Key, Kind, Patience, Platform, Release, Source, Verdict, Version, Web, WebFault};

/// What every test's app is.
pub(crate) const HERE: Platform = Platform {
    kind: Kind::AppImage,
    arch: std::env::consts::ARCH,
};

/// The version of every test's app.
pub(crate) const RUNNING: Version = Version::new(0, 1, 0);

pub(crate) struct Office {
    pub(crate) server: UpdateServer,
    pub(crate) keys: KeyPair,
    pub(crate) folder: TempDir,
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self {
            server: UpdateServer::start().await,
            keys: keys(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Publishes a version, signed by these keys.
    pub(crate) fn publish(&self, version: &str, content: &[u8], keys: &KeyPair) {
        self.server.publish(keys, (version, &file_of(version)), content);
    }

    pub(crate) fn web() -> Web {
        // An error means that one is installed, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        Web::new(Arc::new(AsTheSystem)).plain_on_this_machine()
    }

    pub(crate) fn key(&self) -> Key {
        Key::read(&self.keys.pk.to_base64()).unwrap()
    }

    pub(crate) fn fetcher(&self) -> Fetcher {
        Fetcher {
            web: Self::web(),
            key: self.key(),
            platform: HERE,
            folder: self.folder.path().join("updates"),
            patience: Patience {
                pause: Duration::from_millis(1),
                ..Patience::default()
            },
        }
    }

    pub(crate) async fn look(&self) -> Result<Verdict, WebFault> {
        let source = Source::read(&self.server.at("")).unwrap();
        let manifest = Self::web().manifest(&source, Channel::Stable).await?;
        Ok(judge(&manifest, &RUNNING, (Channel::Stable, HERE)))
    }

    /// The release that is offered, which has to be newer.
    pub(crate) async fn newer(&self) -> Release {
        match self.look().await.unwrap() {
            Verdict::Newer(release) => release,
            other => panic!("not newer: {other:?}"),
        }
    }
}

pub(crate) fn file_of(version: &str) -> String {
    format!("loquat_{version}_{}.AppImage", HERE.arch)
}
