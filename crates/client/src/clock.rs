//! Time as a parameter. Only for display and lifetimes: no order depends on a clock.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::UnixMs;

/// Tells the time of this device, right or wrong.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now(&self) -> UnixMs;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> UnixMs {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMs::try_from(since_epoch.as_millis()).unwrap_or(UnixMs::MAX)
    }
}

/// How far the server's clock is ahead of this device's, as far as it was told.
///
/// A device whose clock is a day wrong still stamps its waiting messages so that they stand beside the stored ones.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    ahead_ms: Mutex<i64>,
}

impl ServerClock {
    /// Remembers what the server's clock showed when this device's showed `device_now`.
    pub(crate) fn set(&self, server_now: UnixMs, device_now: UnixMs) {
        *crate::lock(&self.ahead_ms) = server_now.saturating_sub(device_now);
    }

    /// What this device's clock showed when the server's showed `server_time`.
    pub(crate) fn on_device(&self, server_time: UnixMs) -> UnixMs {
        server_time.saturating_sub(*crate::lock(&self.ahead_ms))
    }

    /// The server's time at `device_now`.
    pub(crate) fn at(&self, device_now: UnixMs) -> UnixMs {
        device_now.saturating_add(*crate::lock(&self.ahead_ms))
    }
}
