//! Testing the way to the server.

use super::Client;
use crate::address::Address;
use crate::probe::{self, ConnectionTest};
use crate::view::Failure;

impl Client {
    /// Tests the way to a server, or to the person's own; each step is told as a change when it is done.
    pub async fn test_connection(&self, server: Option<&str>) -> Result<ConnectionTest, Failure> {
        let own = self.server().await;
        let typed = server
            .map(str::to_owned)
            .or_else(|| own.clone())
            .ok_or(Failure::InvalidAddress { address: String::new() })?;
        let address = Address::parse(&typed)?;
        // A token is shown to the server it belongs to and to no other.
        let is_own = own.is_some_and(|own| Address::parse(&own).is_ok_and(|own| own == address));
        let token = match self.shared().signed_in() {
            Ok(signed_in) if is_own => signed_in.api.tokens.access().await.ok(),
            _ => None,
        };
        let token = token.map(|access| access.token().to_owned());
        Ok(probe::run(self.shared(), address, token).await)
    }
}
