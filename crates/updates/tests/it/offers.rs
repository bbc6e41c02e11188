//! Releases as somebody publishes them, and an app that looks for them.
#![expect(clippy::unwrap_used, reason = "a harness fails where it stands")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use minisign::KeyPair;
use serde_json::json;
use tempfile::TempDir;
use updates::verdict::judge;
use updates::{Channel, Fetcher, Key, Kind, Patience, Platform, Release, Source, Verdict, Version, Web, WebFault};

use crate::server::{Answer, Server};

/// What every test's app is.
pub(crate) const HERE: Platform = Platform {
    kind: Kind::AppImage,
    arch: "x86_64",
};

/// The version of every test's app.
pub(crate) const RUNNING: Version = Version::new(0, 1, 0);

pub(crate) struct Office {
    pub(crate) server: Server,
    pub(crate) keys: KeyPair,
    pub(crate) folder: TempDir,
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self {
            server: Server::start().await,
            keys: keys(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Publishes a version: its file signed by these keys, and the manifest of the stable channel.
    pub(crate) fn publish(&self, version: &str, content: &[u8], keys: &KeyPair) {
        let name = file_of(version);
        self.server.put(&name, Answer::File(Bytes::copy_from_slice(content)));
        self.offer(version, &name, &signature(keys, content, &name));
    }

    /// Puts a manifest there, whatever it says.
    pub(crate) fn offer(&self, version: &str, file: &str, signature: &str) {
        let file = json!({ "url": self.server.at(file), "signature": signature });
        let manifest = json!({ "version": version, "notes": "New.", "platforms": { "linux-x86_64": file } });
        let bytes = Bytes::from(manifest.to_string());
        self.server.put("stable.json", Answer::File(bytes));
    }

    pub(crate) fn web() -> Web {
        // An error means that one is installed, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        Web::new(Arc::new(|| reqwest::Client::builder().no_proxy())).plain_on_this_machine()
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

pub(crate) fn keys() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().unwrap()
}

pub(crate) fn file_of(version: &str) -> String {
    format!("loquat_{version}_x86_64.AppImage")
}

pub(crate) fn signature(keys: &KeyPair, content: &[u8], name: &str) -> String {
    let comment = format!("timestamp:1700000000\tfile:{name}");
    minisign::sign(None, &keys.sk, content, Some(&comment), None)
        .unwrap()
        .to_string()
}
