//! Sign-in codes: asked for, mailed, tried (P8).
//!
//! A code is six digits that one person can type, so everything here is about making few guesses possible:
//! a code lives for minutes, works only with the handle of its request, and takes five tries. Of the code itself
//! only a keyed hash is kept, in short-lived memory. Whoever asks learns nothing about who has an account.

#[cfg(test)]
mod contract;
mod keyed;
mod limits;
mod open_codes;
mod redis;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use protocol::Email;
use protocol::event::SendOtp;
use service_kit::cache::{Cache, CacheError};
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};

use self::redis::{RedisCodes, RedisLimits};
use crate::admission::Admission;
use crate::client_network::ClientNetwork;
use crate::outbox::{Order, Outbox};
use crate::secrets::Pepper;
use crate::settings::Limits;
use crate::store::{AddressDays, PeopleStore};
use crate::workspace::Workspace;
use keyed::{Keyed, are_equal};
use limits::{MemoryLimits, Rates, RequestLimits, limited_today};
use open_codes::{MemoryCodes, OpenCode, OpenCodes};

const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// A code that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requested {
    /// The handle the code works with.
    pub(crate) request: String,
    pub(crate) expires_in_s: u32,
    pub(crate) resend_after_s: u32,
}

/// Why a code was not sent or not accepted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CodeError {
    #[error("this domain may not sign in here")]
    DomainNotAllowed,
    #[error("too many codes or tries, come back in {retry_after_s} s")]
    Limited { retry_after_s: u32 },
    #[error("the code is not right")]
    Wrong { tries_left: u32 },
    #[error("the code expired, was replaced, was used, or never was")]
    Expired,
    #[error("the code was tried too often")]
    UsedUp,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// Where open codes and limits are kept for a while.
pub(crate) struct ShortMemory {
    open: Arc<dyn OpenCodes>,
    limits: Arc<dyn RequestLimits>,
}

impl ShortMemory {
    /// In memory of this process, or shared with every replica of the service.
    pub(crate) fn of(cache: &Cache, pepper: &Pepper, limits: &Limits, random: &SharedRandom) -> Self {
        let rates = Rates::of(limits);
        match cache {
            Cache::Memory => Self {
                open: Arc::new(MemoryCodes::default()),
                limits: Arc::new(MemoryLimits::new(&rates)),
            },
            Cache::Redis(redis) => Self {
                open: Arc::new(RedisCodes::new(redis.clone(), pepper, random)),
                limits: Arc::new(RedisLimits::new(redis.clone(), pepper, rates)),
            },
        }
    }
}

/// What codes are made of and counted with.
pub(crate) struct CodePorts {
    pub(crate) people: Arc<dyn PeopleStore>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) days: Arc<dyn AddressDays>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) memory: ShortMemory,
    pub(crate) clock: SharedClock,
    pub(crate) random: SharedRandom,
}

/// The sign-in codes.
pub(crate) struct Codes {
    ports: CodePorts,
    keyed: Keyed,
    settings: CodeSettings,
}

/// The part of the settings that the rules read.
struct CodeSettings {
    lifetime_s: u32,
    resend_after_s: u32,
    tries: u32,
    codes_per_day: u32,
    tries_per_day: u32,
}

impl Codes {
    pub(crate) fn new(ports: CodePorts, pepper: &Pepper, limits: &Limits) -> Self {
        Self {
            ports,
            keyed: Keyed::new(pepper),
            settings: CodeSettings {
                lifetime_s: limits.code_lifetime_s,
                resend_after_s: limits.code_resend_after_s,
                tries: limits.code_tries,
                codes_per_day: limits.codes_per_address_and_day,
                tries_per_day: limits.code_tries_per_address_and_day,
            },
        }
    }

    /// Makes a code and has it mailed. The answer is the same whether anybody has this address or not.
    pub(crate) async fn request(&self, email: &Email, from: IpAddr) -> Result<Requested, CodeError> {
        let (now, from) = (self.ports.clock.now(), ClientNetwork::of(from));
        let ShortMemory { open, limits } = &self.ports.memory;
        limits.take_by_ip(from, now).await?;
        if !self.ports.admission.may_ask(email).await? {
            return Err(CodeError::DomainNotAllowed);
        }
        limits.take_by_address(email, from, now).await?;
        if !self
            .ports
            .days
            .count_code(email, day(now), self.settings.codes_per_day)
            .await?
        {
            return Err(limited_today(now));
        }

        let request = self.keyed.handle(email, self.ports.random.bits());
        let code = format!("{:06}", self.ports.random.below(1_000_000));
        let expires_at = now + i64::from(self.settings.lifetime_s) * 1000;
        let opened = OpenCode {
            request: request.clone(),
            email: email.clone(),
            hash: self.keyed.code(&request, email, &code),
            tries_left: self.settings.tries,
            expires_at,
        };
        open.put(opened, now).await?;
        if let Err(fault) = self.mail(email, code, expires_at).await {
            // Nobody knows this code, so it may as well stay open until it expires.
            drop(open.remove(&request).await);
            return Err(fault);
        }
        Ok(Requested {
            request,
            expires_in_s: self.settings.lifetime_s,
            resend_after_s: self.settings.resend_after_s,
        })
    }

    /// Tries a code: the address it was sent to, if it is right. It stays open until [`Self::spend`].
    pub(crate) async fn check(&self, request: &str, code: &str, from: IpAddr) -> Result<Email, CodeError> {
        let (now, from) = (self.ports.clock.now(), ClientNetwork::of(from));
        let ShortMemory { open, limits } = &self.ports.memory;
        limits.check_wrong_by_ip(from, now).await?;
        // The try is taken before anything is compared: tries made at once cannot be more than those that are left.
        let attempt = open.take_try(request, now).await?;
        if !self
            .ports
            .days
            .count_try(&attempt.email, day(now), self.settings.tries_per_day)
            .await?
        {
            return Err(limited_today(now));
        }
        if are_equal(&self.keyed.code(request, &attempt.email, code), &attempt.hash) {
            return Ok(attempt.email);
        }
        limits.count_wrong_by_ip(from, now).await?;
        match attempt.tries_left {
            0 => Err(CodeError::UsedUp),
            tries_left => Err(CodeError::Wrong { tries_left }),
        }
    }

    /// The code has become a session and works no more.
    pub(crate) async fn spend(&self, request: &str) {
        // The session remembers its request, so the code makes no second one even while it stays open.
        if let Err(fault) = self.ports.memory.open.remove(request).await {
            tracing::debug!(%fault, "a spent code stays open until it expires");
        }
    }

    /// Removes what time has made worthless.
    pub(crate) async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.ports.clock.now();
        self.ports.memory.open.remove_expired(now);
        self.ports.days.forget_days_before(day(now) - 1).await
    }

    /// Has the mail sent. A person who was deactivated gets none, and whoever asked is not told.
    async fn mail(&self, email: &Email, code: String, expires_at: i64) -> Result<(), CodeError> {
        let person = self.ports.people.person_by_email(email).await?;
        let was_deactivated = person.as_ref().is_some_and(|person| !person.active);
        let mail = SendOtp {
            // Not the handle: this id goes into the mail's headers and into logs.
            id: format!("otp_{:032x}", self.ports.random.bits()),
            // To the address as it is on record: `ADA@` may be somebody else's mailbox on a server that minds case.
            email: person.map_or_else(|| email.clone(), |person| person.email),
            code,
            workspace: self.ports.workspace.setup().await?.name,
            expires_at,
        };
        let order = if was_deactivated {
            Order::CodeForNobody(mail)
        } else {
            Order::Code(mail)
        };
        Ok(self.ports.outbox.send(&order).await?)
    }
}

/// The day of UTC this moment lies in.
fn day(now: i64) -> i64 {
    now.div_euclid(MS_PER_DAY)
}

fn seconds_to_midnight(now: i64) -> u32 {
    let left_ms = MS_PER_DAY - now.rem_euclid(MS_PER_DAY);
    u32::try_from(left_ms / 1000 + 1).unwrap_or(u32::MAX)
}
