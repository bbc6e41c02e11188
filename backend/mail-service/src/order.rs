//! What is ordered from this service: a mail of one kind, by an event of its queue.

use protocol::event::{SEND_INVITATION, SEND_OTP, SendInvitation, SendOtp};
use protocol::{Email, UnixMs};

use crate::delivery::Mail;
use crate::wording;

/// A mail that somebody waits for.
pub(crate) enum Order {
    Code(SendOtp),
    Invitation(SendInvitation),
}

/// Which mails a queue orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Code,
    Invitation,
}

impl Kind {
    /// The queue it is ordered by.
    pub(crate) fn queue(self) -> &'static str {
        match self {
            Self::Code => SEND_OTP,
            Self::Invitation => SEND_INVITATION,
        }
    }

    /// Reads an event of the queue; none if it cannot be read.
    pub(crate) fn read(self, payload: &[u8]) -> Option<Order> {
        match self {
            Self::Code => serde_json::from_slice(payload).ok().map(Order::Code),
            Self::Invitation => serde_json::from_slice(payload).ok().map(Order::Invitation),
        }
    }
}

impl Order {
    /// Names the mail: one id is mailed once.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Code(order) => &order.id,
            Self::Invitation(order) => &order.id,
        }
    }

    pub(crate) fn email(&self) -> &Email {
        match self {
            Self::Code(order) => &order.email,
            Self::Invitation(order) => &order.email,
        }
    }

    /// When the mail is worth nothing any more.
    pub(crate) fn expires_at(&self) -> UnixMs {
        match self {
            Self::Code(order) => order.expires_at,
            Self::Invitation(order) => order.expires_at,
        }
    }

    /// What it says.
    pub(crate) fn mail(&self, now: UnixMs) -> Mail {
        match self {
            Self::Code(order) => wording::code_mail(order, now),
            Self::Invitation(order) => wording::invitation_mail(order, now),
        }
    }

    /// The secret in it. It is in the link of an invitation, too.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Code(order) => &order.code,
            Self::Invitation(order) => &order.code,
        }
    }
}

impl std::fmt::Debug for Order {
    /// Leaves out whatever may not reach a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Order")
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}
