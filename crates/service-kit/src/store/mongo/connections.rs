//! The driver's connections as figures.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mongodb::event::EventHandler;
use mongodb::event::cmap::CmapEvent;
use mongodb::options::ServerAddress;

use crate::metrics::Pool;

/// Which connections there are, by server and number, and whether each is in use.
///
/// Kept one by one, because the driver does not tell of each that it hands out: one whose asker went away while it was
/// made is given back without ever having been taken.
pub(super) struct Connections {
    known: Mutex<HashMap<(ServerAddress, u32), bool>>,
    pool: Pool,
}

impl Connections {
    /// What the driver tells its news to.
    pub(super) fn counted_in(pool: &Pool) -> EventHandler<CmapEvent> {
        let connections = Self {
            known: Mutex::default(),
            pool: pool.clone(),
        };
        EventHandler::callback(move |news| connections.hear(news))
    }

    fn hear(&self, news: CmapEvent) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match news {
            CmapEvent::ConnectionCreated(made) => {
                known.insert((made.address, made.connection_id), false);
            }
            CmapEvent::ConnectionCheckedOut(taken) => {
                known.insert((taken.address, taken.connection_id), true);
            }
            CmapEvent::ConnectionCheckedIn(given_back) => {
                known.insert((given_back.address, given_back.connection_id), false);
            }
            CmapEvent::ConnectionClosed(closed) => {
                known.remove(&(closed.address, closed.connection_id));
            }
            _ => return,
        }
        let in_use = known.values().filter(|is_in_use| **is_in_use).count();
        self.pool.set(known.len(), in_use);
    }
}
