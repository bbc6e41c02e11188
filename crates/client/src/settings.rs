//! What a client is opened with.

use std::path::PathBuf;
use std::sync::Arc;

use protocol::rest::identity::Device;

use crate::clock::{Clock, SystemClock};
use crate::random::{Random, SystemRandom};

/// Where this client keeps its data and how it introduces itself.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// A folder of this client alone; made when it is missing.
    pub data_dir: PathBuf,
    /// How the session is listed on the server.
    pub device: Device,
    /// An address that sign-in starts with, set by whoever installed the app.
    pub server: Option<String>,
}

/// Time and chance, so that a test can set the one and repeat the other.
#[derive(Clone)]
pub struct Surroundings {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}
