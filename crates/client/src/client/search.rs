//! Searching what lies on this device.

use super::Client;
use crate::search::{SearchPage, SearchRequest, find};
use crate::view::Failure;

impl Client {
    /// Finds messages on this device. Never asks the server.
    pub async fn search(&self, request: SearchRequest) -> Result<SearchPage, Failure> {
        let signed_in = self.shared().signed_in()?;
        let now = self.shared().server_now();
        let page = signed_in.store.read(move |disk| find::find(disk, &request, now));
        Ok(page.await?)
    }
}
