//! What a client is opened with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use protocol::rest::identity::Device;

use crate::clock::{Clock, SystemClock};
use crate::network::Network;
use crate::random::{Random, SystemRandom};

/// Where this client keeps its data and how it introduces itself.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// A folder of this client alone; made when it is missing.
    pub data_dir: PathBuf,
    /// How the session is listed on the server.
    pub device: Device,
    /// Where people sign in, as far as whoever installed the app has a say in it.
    pub servers: Servers,
    /// How much of the conversations is kept on this device.
    pub history: HistoryLimit,
    /// How its server is reached.
    pub network: Network,
}

/// The servers that people are offered at sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Servers {
    /// Their addresses, the usual one first.
    pub offered: Vec<String>,
    /// Whether nobody signs in anywhere else. Whoever is signed in stays so.
    pub only_these: bool,
}

impl Servers {
    /// Proposes one address and leaves the choice to the person.
    pub fn proposing(address: impl Into<String>) -> Self {
        Self {
            offered: vec![address.into()],
            only_these: false,
        }
    }
}

/// How much of the conversations a device keeps. What is older, or too much, loads from the server when it is looked at.
///
/// What is unread and the newest page of each conversation are kept whatever the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimit {
    /// Messages of so many days are fetched and kept.
    pub days: u32,
    /// The most that the store may hold.
    pub bytes: u64,
}

impl Default for HistoryLimit {
    fn default() -> Self {
        Self {
            days: 90,
            bytes: 2 * 1024 * 1024 * 1024,
        }
    }
}

/// How gently the work in the background goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two steps on the store.
    pub step: Duration,
    /// Between two pages of older messages, at least. The server's people share it.
    pub page: Duration,
    /// Between two looks whether there is anything to do.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            step: Duration::from_millis(50),
            page: Duration::from_secs(2),
            look: Duration::from_mins(1),
        }
    }
}

/// Time, chance and patience, so that a test can set the one and repeat the other.
#[derive(Clone)]
pub struct Surroundings {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub pace: Pace,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            pace: Pace::default(),
        }
    }
}
