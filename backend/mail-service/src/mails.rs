//! When a mail is sent, sent again, given up.
//!
//! What must stay true: nothing goes out after its code or invitation has expired, and nothing goes out again once a mail server
//! has taken it, however often its event comes and to however many mail-services. A process that dies between the two
//! marks leaves nobody who knows whether the server took it, and so it goes out again under the same Message-ID: the
//! only double there can be.

use std::sync::Arc;
use std::time::Duration;

use event_bus::{BusError, Delivery as Event};
use protocol::UnixMs;
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};
use tokio::time::Instant;

use crate::delivery::{Delivery, DeliveryError, Mail, Reachability};
use crate::measures::Measures;
use crate::order::{Kind, Order};
use crate::store::{Claim, Ledger, Marked};

/// The first pause after a failure; each one is twice as long, up to [`LONGEST_PAUSE_MS`].
const FIRST_PAUSE_MS: i64 = 1_000;
const LONGEST_PAUSE_MS: i64 = 60_000;
/// The pause after our own storage failed, before the event comes again.
const STORAGE_PAUSE: Duration = Duration::from_secs(1);
/// Characters of a mail server's answer that are logged and kept.
const LONGEST_REASON: usize = 500;
/// What a try may take longer than handing the mail over: for its marks, and for clocks that do not agree.
const CLAIM_SPARE: Duration = Duration::from_secs(30);
/// How often the mark before a try is made when it is not known whether it was.
const UNKNOWN_MARKS: u32 = 3;
/// When a mail that somebody else is sending is looked at again.
const LOOK_AGAIN_MS: i64 = 5_000;

/// What mails are sent with.
pub(crate) struct MailPorts {
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) delivery: Arc<dyn Delivery>,
    pub(crate) reachability: Reachability,
    pub(crate) measures: Measures,
    /// What handing one mail over may take.
    pub(crate) handover: Duration,
    pub(crate) clock: SharedClock,
    pub(crate) random: SharedRandom,
}

pub(crate) struct Mails {
    ports: MailPorts,
}

/// What becomes of an event.
pub(crate) enum Outcome {
    Sent,
    /// Another try has sent it.
    SentBefore,
    /// Another try is at it.
    Busy {
        at: UnixMs,
    },
    Again {
        at: UnixMs,
    },
    Dead {
        reason: String,
    },
}

impl Mails {
    pub(crate) fn new(ports: MailPorts) -> Self {
        Self { ports }
    }

    /// Does one event and settles it. While our own storage fails it comes again.
    pub(crate) async fn handle(&self, kind: Kind, event: Event) {
        let event_id = event.event_id.clone();
        let settled = match self.outcome(kind, &event).await {
            Ok(outcome) => {
                self.ports.measures.count(kind, &outcome);
                settle(event, outcome).await
            }
            Err(fault) => Err(fault.into()),
        };
        if let Err(fault) = settled {
            tracing::error!(%fault, event = event_id, "cannot remember what became of a mail; the event comes again");
            tokio::time::sleep(STORAGE_PAUSE).await;
        }
    }

    async fn outcome(&self, kind: Kind, event: &Event) -> Result<Outcome, StoreError> {
        let Some(order) = kind.read(&event.payload) else {
            return Ok(Outcome::Dead {
                reason: "the event cannot be read".to_owned(),
            });
        };
        let now = self.ports.clock.now();
        if order.expires_at() <= now {
            return Ok(Outcome::Dead {
                reason: "expired before it could be sent".to_owned(),
            });
        }
        let claim = self.claim(order.id(), now);
        match self.mark_sending(&claim).await? {
            Marked::AlreadySent => return Ok(Outcome::SentBefore),
            Marked::Busy { until } => {
                let at = until.clamp(now + 1, now + LOOK_AGAIN_MS);
                return Ok(Outcome::Busy { at });
            }
            Marked::SendingAfterCrash => {
                self.ports.measures.count_after_crash(kind);
                tracing::warn!(
                    event = order.id(),
                    "a mail goes out that may have gone out before: nobody noted how the earlier try ended"
                );
            }
            Marked::SendingAgain | Marked::Sending => {}
        }
        let sent = self.send(&claim, &order).await;
        match sent {
            Ok(()) => {
                self.ports.reachability.works();
                self.remember_sent(order.id()).await;
                tracing::info!(event = order.id(), attempt = event.attempt, "sent a mail");
                Ok(Outcome::Sent)
            }
            Err(DeliveryError::Refused(reason)) => {
                let reason = without_secrets(&reason, &order);
                tracing::warn!(event = order.id(), reason, "a mail was refused for good");
                Ok(Outcome::Dead { reason })
            }
            Err(DeliveryError::Failed(reason)) => Ok(self.later(event.attempt, &order, &reason)),
        }
    }

    /// A try to send this mail. It is over at its end, whatever became of it.
    fn claim(&self, event_id: &str, now: UnixMs) -> Claim {
        let longest_ms = i64::try_from((self.ports.handover + CLAIM_SPARE).as_millis()).unwrap_or(i64::MAX);
        Claim {
            event_id: event_id.to_owned(),
            by: format!("{:032x}", self.ports.random.bits()),
            now,
            until: now.saturating_add(longest_ms),
        }
    }

    /// A mark that was perhaps made is made again: it is ours, and would stand in our own way.
    async fn mark_sending(&self, claim: &Claim) -> Result<Marked, StoreError> {
        for _ in 1..UNKNOWN_MARKS {
            match self.ports.ledger.mark_sending(claim).await {
                Err(StoreError::Unknown) => tokio::time::sleep(STORAGE_PAUSE).await,
                marked => return marked,
            }
        }
        self.ports.ledger.mark_sending(claim).await
    }

    /// Sends the mail; if that fails, the next try may begin.
    async fn send(&self, claim: &Claim, order: &Order) -> Result<(), DeliveryError> {
        let began = Instant::now();
        let mail = order.mail(claim.now);
        let sent = self.deliver(&mail, order.expires_at() - claim.now).await;
        self.ports.measures.handover.observe(began.elapsed().as_secs_f64());
        if sent.is_err()
            && let Err(fault) = self.ports.ledger.mark_failed(claim).await
        {
            tracing::warn!(%fault, event = order.id(), "cannot note that a mail was not sent; the next try waits");
        }
        sent
    }

    /// Hands the mail over, for no longer than what it says is good, and no longer than the try lasts.
    async fn deliver(&self, mail: &Mail, lifetime_ms: i64) -> Result<(), DeliveryError> {
        let lifetime = Duration::from_millis(lifetime_ms.unsigned_abs());
        let (limit, told) = if lifetime < self.ports.handover {
            (lifetime, "no answer before it expired")
        } else {
            (self.ports.handover, "no answer in time")
        };
        match tokio::time::timeout(limit, self.ports.delivery.deliver(mail)).await {
            Ok(delivered) => delivered,
            Err(_elapsed) => Err(DeliveryError::Failed(told.to_owned())),
        }
    }

    fn later(&self, attempt: u32, order: &Order, reason: &str) -> Outcome {
        let reason = without_secrets(reason, order);
        self.ports.reachability.fails(&reason);
        let at = self.ports.clock.now() + self.pause_ms(attempt);
        if at >= order.expires_at() {
            tracing::warn!(
                event = order.id(),
                attempt,
                reason,
                "a mail is given up: it expires before the next try"
            );
            return Outcome::Dead {
                reason: format!("expired after {attempt} tries; the last one: {reason}"),
            };
        }
        tracing::warn!(
            event = order.id(),
            attempt,
            reason,
            "a mail could not be sent; trying again"
        );
        Outcome::Again { at }
    }

    /// Grows with every try, and is a little different each time, so that mails that failed together do not come
    /// back together.
    fn pause_ms(&self, attempt: u32) -> i64 {
        let doubled = FIRST_PAUSE_MS
            .checked_shl(attempt.saturating_sub(1).min(16))
            .unwrap_or(LONGEST_PAUSE_MS);
        let pause_ms = doubled.min(LONGEST_PAUSE_MS);
        let quarter = u32::try_from(pause_ms / 4).unwrap_or(1);
        pause_ms + i64::from(self.ports.random.below(quarter))
    }

    /// The server has taken the mail; forgetting that would send it twice, so this goes on until it is noted. While it
    /// cannot be, no other mail could be sent either.
    async fn remember_sent(&self, event_id: &str) {
        let mut told = false;
        while let Err(fault) = self.ports.ledger.mark_sent(event_id, self.ports.clock.now()).await {
            if !std::mem::replace(&mut told, true) {
                tracing::error!(%fault, event = event_id, "cannot remember that a mail went out; trying until it works");
            }
            tokio::time::sleep(STORAGE_PAUSE).await;
        }
    }
}

async fn settle(event: Event, outcome: Outcome) -> Result<(), BusError> {
    match outcome {
        Outcome::Sent | Outcome::SentBefore => event.done().await,
        Outcome::Busy { at } | Outcome::Again { at } => event.retry_at(at).await,
        Outcome::Dead { reason } => event.dead(&reason).await,
    }
}

/// Mail servers repeat the address in their answers, and reasons are logged and kept.
fn without_secrets(reason: &str, order: &Order) -> String {
    let lower = |text: &str| text.to_ascii_lowercase();
    let mut cleaned = reason.replace(order.code(), "<code>");
    while let Some(start) = lower(&cleaned).find(&lower(order.email().as_str())) {
        cleaned.replace_range(start..start + order.email().as_str().len(), "<address>");
    }
    cleaned.chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use protocol::Email;
    use protocol::event::{SendInvitation, SendOtp};

    use super::*;

    #[test]
    fn a_reason_names_neither_the_address_nor_the_code() {
        let code = Order::Code(SendOtp {
            id: "otp_1".to_owned(),
            email: Email::parse("Ada@example.org").unwrap(),
            code: "123456".to_owned(),
            workspace: "Analytical Engines".to_owned(),
            expires_at: 0,
        });
        let reason = without_secrets("550 <ada@EXAMPLE.org>: no such user ada@example.org (123456)", &code);
        assert_eq!(reason, "550 <<address>>: no such user <address> (<code>)");

        let invitation = Order::Invitation(SendInvitation {
            id: "invitation_1".to_owned(),
            email: Email::parse("Ada@example.org").unwrap(),
            invited_by: "Charles".to_owned(),
            workspace: "Analytical Engines".to_owned(),
            link: "loquat://join?server=x&code=abcdefgh".to_owned(),
            code: "abcdefgh".to_owned(),
            expires_at: 0,
        });
        let reason = without_secrets("554 spam: loquat://join?server=x&code=abcdefgh", &invitation);
        assert_eq!(reason, "554 spam: loquat://join?server=x&code=<code>");
    }
}
