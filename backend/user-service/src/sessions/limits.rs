//! How many tokens may be asked for from where, in memory of this process.

use std::net::IpAddr;

use protocol::{SessionId, UnixMs};
use service_kit::rate::{Buckets, WaitMs};

use super::SessionError;
use crate::client_network::ClientNetwork;
use crate::settings::Limits;

pub(super) struct TokenLimits {
    by_ip: Buckets<ClientNetwork>,
    by_session: Buckets<SessionId>,
}

impl TokenLimits {
    pub(super) fn new(limits: &Limits) -> Self {
        let bucket = |per_minute: u32, burst: u32| (f64::from(per_minute) / 60.0, f64::from(burst));
        let (ip_rate, ip_burst) = bucket(limits.refreshes_per_ip_and_minute, limits.refresh_burst_per_ip);
        let (session_rate, session_burst) = bucket(
            limits.refreshes_per_session_and_minute,
            limits.refreshes_per_session_and_minute,
        );
        Self {
            by_ip: Buckets::new(ip_rate, ip_burst),
            by_session: Buckets::new(session_rate, session_burst),
        }
    }

    pub(super) fn take_by_ip(&self, from: IpAddr, now: UnixMs) -> Result<(), SessionError> {
        self.by_ip.take(&ClientNetwork::of(from), now).map_err(limited)
    }

    pub(super) fn take_by_session(&self, session: &SessionId, now: UnixMs) -> Result<(), SessionError> {
        self.by_session.take(session, now).map_err(limited)
    }
}

fn limited(WaitMs(wait_ms): WaitMs) -> SessionError {
    SessionError::Limited {
        retry_after_s: u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX),
    }
}
