//! Sign-in codes: asked for, mailed, tried (P8).
//!
//! A code is six digits that one person can type, so everything here is about making few guesses possible:
//! a code lives for minutes, works only with the handle of its request, and takes five tries. Of the code itself
//! only a keyed hash is kept, in memory. Whoever asks learns nothing about who has an account.

mod limits;
mod open_codes;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use event_bus::{Bus, BusError};
use protocol::Email;
use protocol::event::{SEND_OTP, SendOtp};
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};

use crate::admission::Admission;
use crate::secrets::Pepper;
use crate::settings::Limits;
use crate::store::{AddressDays, PeopleStore};
use crate::workspace::Workspace;
use limits::RequestLimits;
use open_codes::{OpenCode, OpenCodes};

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
    #[error("the mail could not be queued")]
    Queue(#[from] BusError),
}

/// What codes are made of and counted with.
pub(crate) struct CodePorts {
    pub(crate) people: Arc<dyn PeopleStore>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) days: Arc<dyn AddressDays>,
    pub(crate) bus: Bus,
    pub(crate) clock: SharedClock,
    pub(crate) random: SharedRandom,
}

/// The sign-in codes of this process.
pub(crate) struct Codes {
    ports: CodePorts,
    open: OpenCodes,
    limits: RequestLimits,
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
            open: OpenCodes::new(pepper),
            limits: RequestLimits::new(limits),
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
        let now = self.ports.clock.now();
        self.limits.take_by_ip(from, now)?;
        if !self.ports.admission.may_ask(email).await? {
            return Err(CodeError::DomainNotAllowed);
        }
        self.limits.take_by_address(email, from, now)?;
        if !self
            .ports
            .days
            .count_code(email, day(now), self.settings.codes_per_day)
            .await?
        {
            return Err(CodeError::Limited {
                retry_after_s: seconds_to_midnight(now),
            });
        }

        let request = format!("r_{:032x}", self.ports.random.bits());
        let code = format!("{:06}", self.ports.random.below(1_000_000));
        let expires_at = now + i64::from(self.settings.lifetime_s) * 1000;
        let open = OpenCode::new(email.clone(), self.settings.tries, expires_at);
        self.open.put(&request, open, &code, now)?;
        if let Err(fault) = self.mail(email, code, expires_at).await {
            self.open.remove(&request);
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
        let now = self.ports.clock.now();
        self.limits.check_wrong_by_ip(from, now)?;
        // The try is taken before anything is compared: tries made at once cannot be more than those that are left.
        let attempt = self.open.take_try(request, now)?;
        if !self
            .ports
            .days
            .count_try(attempt.email(), day(now), self.settings.tries_per_day)
            .await?
        {
            return Err(CodeError::Limited {
                retry_after_s: seconds_to_midnight(now),
            });
        }
        if self.open.is_right(&attempt, request, code) {
            return Ok(attempt.into_email());
        }
        self.limits.count_wrong_by_ip(from, now);
        match attempt.tries_left() {
            0 => Err(CodeError::UsedUp),
            tries_left => Err(CodeError::Wrong { tries_left }),
        }
    }

    /// The code has become a session and works no more.
    pub(crate) fn spend(&self, request: &str) {
        self.open.remove(request);
    }

    /// Removes what time has made worthless.
    pub(crate) async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.ports.clock.now();
        self.open.remove_expired(now);
        self.ports.days.forget_days_before(day(now) - 1).await
    }

    /// Queues the mail. A person who was deactivated gets none, and whoever asked is not told.
    async fn mail(&self, email: &Email, code: String, expires_at: i64) -> Result<(), CodeError> {
        let person = self.ports.people.person_by_email(email).await?;
        let workspace = self.ports.workspace.setup().await?.name;
        // Not the handle: this id goes into the mail's headers and into logs.
        let id = format!("otp_{:032x}", self.ports.random.bits());
        if person.as_ref().is_some_and(|person| !person.active) {
            // Neither the time this takes nor how it fails may tell that no mail goes out.
            return Ok(self.ports.bus.publish_for_nobody(SEND_OTP, &id).await?);
        }
        let event = SendOtp {
            id,
            // To the address as it is on record: `ADA@` may be somebody else's mailbox on a server that minds case.
            email: person.map_or_else(|| email.clone(), |person| person.email),
            code,
            workspace,
            expires_at,
        };
        self.ports
            .bus
            .publish(SEND_OTP, &event.id, &event, Some(expires_at))
            .await?;
        Ok(())
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
