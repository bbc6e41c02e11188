//! How this device reaches its server: the proxy, more certificate authorities, and a test of the way.

use super::table::commands;
use crate::network::{NetworkChoice, ProxyLoginChoice};

commands! { for desk:
    network() => |desk| Ok(desk.network().view(&server(desk).await).await);
    set_network(choice: NetworkChoice) => |desk| {
        desk.network().choose(choice)?;
        Ok(desk.network().view(&server(desk).await).await)
    };
    test_connection(server: Option<String>) => |desk| {
        desk.client().await?.test_connection(server.as_deref()).await
    };
    set_proxy_login(login: Option<ProxyLoginChoice>) => |desk| {
        let server = server(desk).await;
        desk.network().set_login(login, &server).await?;
        Ok(desk.network().view(&server).await)
    };
}

/// The server that the way leads to; blank as long as none is known.
async fn server(desk: &crate::desk::Desk) -> String {
    match desk.client().await {
        Ok(client) => client.server().await.unwrap_or_default(),
        Err(_) => String::new(),
    }
}
