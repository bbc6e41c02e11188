//! The way to the server of updates: the one that everything else of this device goes.

use async_trait::async_trait;
use updates::web::{Build, Connect};
use url::Url;

use crate::network::NetworkDesk;

/// The proxy and the certificates of this device, as they are when somebody asks.
pub(super) struct OurWay(pub(super) NetworkDesk);

#[async_trait]
impl Connect for OurWay {
    async fn client(&self, url: &Url, build: Build) -> Result<reqwest::Client, String> {
        let network = self.0.ready().await;
        network.http_client(url, build).await.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use test_kit::proxy::{BEHIND, Kind, Proxy};
    use test_kit::tls::{Authority, TlsFront, Validity};
    use test_kit::update_server::UpdateServer;
    use updates::Channel;
    use updates::web::{Source, Web};

    use super::*;
    use crate::network::{NetworkChoice, ProxyMode};

    #[tokio::test]
    async fn updates_go_through_the_chosen_proxy_and_trust_the_chosen_authority() {
        let folder = tempfile::tempdir().unwrap();
        let server = UpdateServer::start().await;
        server.offer("2.0.0", "loquat_2.0.0_amd64.deb", "unread");
        let address = Url::parse(&server.at("")).unwrap().socket_addrs(|| None).unwrap()[0];
        let authority = Authority::new("An organisation").unwrap();
        let identity = authority.issue(&[BEHIND], Validity::Now).unwrap();
        let front = TlsFront::start(&identity, address).await.unwrap();
        let proxy = Proxy::start(Kind::Http, front.address(), None).await.unwrap();
        let ca_file = folder.path().join("authority.pem");
        std::fs::write(&ca_file, authority.pem()).unwrap();
        let network = NetworkDesk::testing(folder.path());
        let chosen = network.choose(NetworkChoice {
            mode: ProxyMode::Manual,
            proxy: proxy.url(),
            extra_ca_file: ca_file.display().to_string(),
            ..NetworkChoice::default()
        });
        assert!(chosen.is_ok(), "{chosen:?}");

        let source = Source::read(&format!("https://{BEHIND}")).unwrap();
        let offered = Web::new(Arc::new(OurWay(network)))
            .manifest(&source, Channel::Stable)
            .await;

        assert!(offered.is_ok(), "{offered:?}");
        assert_eq!((proxy.asked(), proxy.opened()), (1, 1));
    }
}
