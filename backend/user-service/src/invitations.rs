//! Invitations: somebody is asked to join, by a mail with a link that works once.
//!
//! Of the code in the link only a hash is kept. Accepting is one step of the store, so of two who come with one code
//! at once, or of one who comes while it is withdrawn, one finds it gone.

mod code;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use protocol::event::SendInvitation;
use protocol::rest::identity::AuditAction;
use protocol::{Email, Role, UnixMs, UserId};
use service_kit::rate::{Buckets, WaitMs};
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};
use url::Url;

use crate::audit::{Actor, Note};
use crate::outbox::{Order, Outbox};
use crate::people::{People, PersonError, role_text};
use crate::store::InvitationStore;
use crate::workspace::Workspace;

pub(crate) use code::{CodeHash, InvitationCode};

const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;
/// How long an invitation that was accepted or has expired is still listed.
const REMEMBER_MS: i64 = 90 * MS_PER_DAY;
/// Invitations that are listed.
const LISTED: u32 = 1_000;
/// Invitations an administrator may send at once after a pause, and then per second: a new department in one go, and
/// nobody's mailbox filled by a stolen session.
const BURST: f64 = 200.0;
const PER_SECOND: f64 = 0.5;

/// An invitation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) email: Email,
    /// What the person will be.
    pub(crate) role: Role,
    pub(crate) invited_by: UserId,
    pub(crate) invited_at: UnixMs,
    pub(crate) expires_at: UnixMs,
    pub(crate) accepted_at: Option<UnixMs>,
}

/// Why nobody was invited, or no invitation withdrawn.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvitationError {
    #[error("somebody with this address is here already")]
    AlreadyAMember,
    #[error("too many invitations, come back in {retry_after_s} s")]
    Limited { retry_after_s: u32 },
    #[error("there is no such open invitation")]
    Unknown,
    #[error(transparent)]
    Person(#[from] PersonError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What invitations are made of.
pub(crate) struct InvitationPorts {
    pub(crate) store: Arc<dyn InvitationStore>,
    pub(crate) people: Arc<People>,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) clock: SharedClock,
    pub(crate) random: SharedRandom,
}

/// The invitations of the workspace.
pub(crate) struct Invitations {
    ports: InvitationPorts,
    /// Where the app finds this server.
    public_url: Url,
    lifetime_ms: i64,
    limits: Buckets<UserId>,
}

impl Invitations {
    pub(crate) fn new(ports: InvitationPorts, public_url: Url, lifetime_days: u32) -> Self {
        Self {
            ports,
            public_url,
            lifetime_ms: i64::from(lifetime_days) * MS_PER_DAY,
            limits: Buckets::new(PER_SECOND, BURST),
        }
    }

    /// Invites somebody. An older open invitation of the same address works no more.
    pub(crate) async fn invite(&self, by: &Actor, email: &Email, role: Role) -> Result<Invitation, InvitationError> {
        let now = self.ports.clock.now();
        if self.ports.people.find_by_address(email).await?.is_some() {
            return Err(InvitationError::AlreadyAMember);
        }
        self.limits.take(&by.user, now).map_err(limited)?;
        let code = InvitationCode::from_random(self.ports.random.bits());
        let invitation = Invitation {
            id: format!("i_{:032x}", self.ports.random.bits()),
            email: email.clone(),
            role,
            invited_by: by.user.clone(),
            invited_at: now,
            expires_at: now + self.lifetime_ms,
            accepted_at: None,
        };
        let note = Note::by(by, AuditAction::Invited, now)
            .to(email.as_str())
            .saying(format!("role: {}", role_text(role)));
        let mail = self.mail(&invitation, &code).await?;
        let mail = self.ports.outbox.sealed(&Order::Invitation(mail))?;
        self.ports
            .store
            .add_invitation(&invitation, code.hash(), &note, &mail)
            .await?;
        self.ports.outbox.wake();
        Ok(invitation)
    }

    /// Those that are open or were accepted, the newest first.
    pub(crate) async fn list(&self) -> Result<Vec<Invitation>, InvitationError> {
        Ok(self.ports.store.invitations(LISTED).await?)
    }

    /// Makes an open invitation void.
    pub(crate) async fn withdraw(&self, by: &Actor, id: &str) -> Result<(), InvitationError> {
        let invitation = self.ports.store.invitation(id).await?;
        let invitation = invitation.ok_or(InvitationError::Unknown)?;
        let note = Note::by(by, AuditAction::InvitationWithdrawn, self.ports.clock.now()).to(invitation.email.as_str());
        if self.ports.store.withdraw_invitation(id, &note).await? {
            Ok(())
        } else {
            Err(InvitationError::Unknown)
        }
    }

    /// Takes the invitation of this code, if it is good: nobody else can take it any more.
    pub(crate) async fn accept(&self, code: &str) -> Result<Option<Invitation>, StoreError> {
        let Some(code) = InvitationCode::parse(code) else {
            return Ok(None);
        };
        let now = self.ports.clock.now();
        self.ports.store.accept_invitation(&code.hash(), now).await
    }

    /// Forgets what was accepted or has expired long ago.
    pub(crate) async fn sweep(&self) -> Result<(), StoreError> {
        let before = self.ports.clock.now() - REMEMBER_MS;
        self.ports.store.forget_invitations_before(before).await
    }

    async fn mail(&self, invitation: &Invitation, code: &InvitationCode) -> Result<SendInvitation, InvitationError> {
        let inviter = self.ports.people.find(&invitation.invited_by).await?;
        Ok(SendInvitation {
            id: format!("invitation_{:032x}", self.ports.random.bits()),
            email: invitation.email.clone(),
            invited_by: inviter.name,
            workspace: self.ports.workspace.setup().await?.name,
            link: code.link(&self.public_url),
            code: code.text(),
            expires_at: invitation.expires_at,
        })
    }
}

fn limited(WaitMs(wait_ms): WaitMs) -> InvitationError {
    InvitationError::Limited {
        retry_after_s: u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX),
    }
}
