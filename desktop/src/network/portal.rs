//! Which proxy the person chose in the settings of a Linux desktop, asked through its portal.

use std::time::Duration;

use async_trait::async_trait;
use client::network::DesktopProxies;
use tokio::sync::OnceCell;
use url::Url;
use zbus::Connection;

/// How long a desktop may take; a connection to the server waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

#[zbus::proxy(
    interface = "org.freedesktop.portal.ProxyResolver",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop"
)]
trait ProxyResolver {
    fn lookup(&self, uri: &str) -> zbus::Result<Vec<String>>;
}

/// The portal of the session. A desktop without one says nothing.
#[derive(Default)]
pub(super) struct Portal {
    bus: OnceCell<Connection>,
}

#[async_trait]
impl DesktopProxies for Portal {
    async fn lookup(&self, url: &Url) -> Vec<String> {
        match tokio::time::timeout(PATIENCE, self.ask(url)).await {
            Ok(Ok(ways)) => ways,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the desktop does not say which proxy to use");
                Vec::new()
            }
            Err(_) => {
                tracing::info!("the desktop did not say in time which proxy to use");
                Vec::new()
            }
        }
    }
}

impl Portal {
    async fn ask(&self, url: &Url) -> zbus::Result<Vec<String>> {
        let bus = self.bus.get_or_try_init(Connection::session).await?;
        ProxyResolverProxy::new(bus).await?.lookup(url.as_str()).await
    }
}

#[cfg(test)]
mod tests {
    use zbus::connection::Builder;

    use super::*;

    /// A desktop, and for whom it has a proxy.
    struct Desktop(&'static str);

    #[zbus::interface(name = "org.freedesktop.portal.ProxyResolver")]
    impl Desktop {
        fn lookup(&self, uri: &str) -> Vec<String> {
            assert!(uri.starts_with(self.0), "{uri}");
            vec!["http://proxy.example.org:3128".to_owned(), "direct://".to_owned()]
        }
    }

    #[tokio::test]
    async fn the_portal_is_asked_for_the_server() {
        let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
        let guid = zbus::Guid::generate();
        let desktop = Builder::unix_stream(theirs)
            .server(guid)
            .unwrap()
            .p2p()
            .serve_at("/org/freedesktop/portal/desktop", Desktop("https://chat.example.org"))
            .unwrap()
            .build();
        let client = Builder::unix_stream(ours).p2p().build();
        let (_desktop, bus) = tokio::try_join!(desktop, client).unwrap();
        let portal = Portal {
            bus: OnceCell::new_with(Some(bus)),
        };

        let ways = portal.lookup(&Url::parse("https://chat.example.org").unwrap()).await;

        assert_eq!(ways, ["http://proxy.example.org:3128", "direct://"]);
    }
}
