//! How the connection is, as it is shown.

use std::time::Duration;

use protocol::UnixMs;

use super::Shared;
use crate::change::Change;
use crate::store::outbox;
use crate::view::{Connection, Failure};

impl Shared {
    pub(crate) fn connection(&self) -> Connection {
        crate::lock(&self.connection).clone()
    }

    /// Connecting, or catching up; since the connection was lost, however many tries it takes.
    pub(crate) fn connecting(&self) {
        let since = self.trouble_since();
        // Until it works it is not said to be well.
        let trouble = match &*crate::lock(&self.connection) {
            Connection::Online => None,
            Connection::Connecting { trouble, .. } | Connection::Offline { trouble, .. } => trouble.clone(),
        };
        self.set_connection(Connection::Connecting { since, trouble });
    }

    pub(crate) fn online(&self) {
        self.set_connection(Connection::Online);
    }

    /// Not connected; the next try is after `wait`.
    pub(crate) async fn offline(&self, wait: Duration, trouble: Option<Failure>) {
        let unsent = self.store.read(outbox::unsent).await.unwrap_or(0);
        let wait_ms = UnixMs::try_from(wait.as_millis()).unwrap_or(UnixMs::MAX);
        let retry_at = self.around.clock.now().saturating_add(wait_ms);
        self.set_connection(Connection::Offline {
            since: self.trouble_since(),
            retry_at,
            unsent,
            trouble,
        });
    }

    /// Counts the waiting messages again, where that is shown.
    pub(crate) async fn count_unsent(&self) {
        let Connection::Offline { .. } = self.connection() else {
            return;
        };
        let Ok(counted) = self.store.read(outbox::unsent).await else {
            return;
        };
        // The connection may have changed while the store was counting.
        let mut held = crate::lock(&self.connection);
        if let Connection::Offline { unsent, .. } = &mut *held
            && *unsent != counted
        {
            *unsent = counted;
            let connection = held.clone();
            self.feed.tell([Change::Connection { connection }]);
        }
    }
    fn trouble_since(&self) -> UnixMs {
        match *crate::lock(&self.connection) {
            Connection::Online => self.around.clock.now(),
            Connection::Connecting { since, .. } | Connection::Offline { since, .. } => since,
        }
    }

    pub(super) fn set_connection(&self, connection: Connection) {
        let mut held = crate::lock(&self.connection);
        if *held != connection {
            *held = connection.clone();
            self.feed.tell([Change::Connection { connection }]);
        }
    }
}
