//! Who may sign in: people of the named domains, those who were invited, and whoever is here already.
//!
//! Domains decide who may join. Who has joined stays until an administrator deactivates them, so nobody can lock
//! themselves out by a change of the domains.

use std::sync::Arc;

use protocol::{Email, Role, UnixMs};
use service_kit::SharedClock;
use service_kit::store::StoreError;

use crate::invitations::Invitation;
use crate::people::FirstRole;
use crate::store::{InvitationStore, PeopleStore};
use crate::workspace::Workspace;

/// Decides who may ask for a code, and who may join.
pub(crate) struct Admission {
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) people: Arc<dyn PeopleStore>,
    pub(crate) invitations: Arc<dyn InvitationStore>,
    pub(crate) clock: SharedClock,
    pub(crate) first_admin: Option<Email>,
}

/// How somebody may join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Joining {
    /// Their domain, or a setting, lets them in.
    Uninvited,
    /// By this invitation, which is accepted now.
    Invited(Invitation),
    /// Not at all.
    Refused,
}

impl Joining {
    /// The role of the new person, given the one they have without an invitation.
    pub(crate) fn role(&self, uninvited: FirstRole) -> FirstRole {
        match self {
            Self::Invited(invitation) if invitation.role == Role::Administrator => FirstRole::Administrator,
            _ => uninvited,
        }
    }
}

impl Admission {
    /// Whether a code may be mailed to this address.
    pub(crate) async fn may_ask(&self, email: &Email) -> Result<bool, StoreError> {
        Ok(self.may_join_uninvited(email).await?
            || self.invitations.is_invited(email, self.clock.now()).await?
            || self.people.person_by_email(email).await?.is_some())
    }

    /// Lets a new person in, if they may. Whether they may is asked again here: since they asked for their code, an
    /// invitation may have been withdrawn and the domains may have changed.
    pub(crate) async fn join(&self, email: &Email) -> Result<Joining, StoreError> {
        let now: UnixMs = self.clock.now();
        if let Some(invitation) = self.invitations.accept_invitation_of(email, now).await? {
            return Ok(Joining::Invited(invitation));
        }
        if self.may_join_uninvited(email).await? {
            Ok(Joining::Uninvited)
        } else {
            Ok(Joining::Refused)
        }
    }

    async fn may_join_uninvited(&self, email: &Email) -> Result<bool, StoreError> {
        let is_first_admin = self
            .first_admin
            .as_ref()
            .is_some_and(|named| named.key() == email.key());
        Ok(is_first_admin || self.workspace.admits(email).await?)
    }
}
