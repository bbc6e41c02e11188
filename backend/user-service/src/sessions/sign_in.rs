//! A new session: by a code, or by an invitation.

use std::net::IpAddr;

use protocol::rest::identity::{AuditAction, Device};
use protocol::{Email, SessionId, text};
use service_kit::store::StoreError;

use super::devices::told;
use super::{EndReason, Issued, RefreshToken, Seen, Session, SessionError, Sessions};
use crate::admission::Joining;
use crate::audit::{Actor, Note};
use crate::codes::CodeError;
use crate::invitations::Invitation;
use crate::people::{Person, role_text};

/// The longest name of a device or system that is kept, in characters.
const LONGEST_DEVICE_NAME: usize = 80;

/// A person who has shown who they are, with the device they sit at.
struct Newcomer {
    person: Person,
    /// What proved it: the handle of a code, or the id of an invitation. One proof is one session.
    proof: String,
    device: Device,
    from: IpAddr,
    /// The invitation that brought them here just now.
    invitation: Option<Invitation>,
}

impl Sessions {
    /// Signs a device in with a code. Whoever comes for the first time joins, if they still may.
    pub(crate) async fn sign_in(
        &self,
        request: &str,
        code: &str,
        device: Device,
        from: IpAddr,
    ) -> Result<Issued, SessionError> {
        let email = self.ports.codes.check(request, code, from).await?;
        let (person, invitation) = self.known_or_joining(&email).await?;
        let newcomer = Newcomer {
            person,
            proof: request.to_owned(),
            device,
            from,
            invitation,
        };
        let issued = match self.start(newcomer).await {
            // Two came with the same code at once, and the other one was faster.
            Err(SessionError::Store(StoreError::Duplicate)) => return Err(CodeError::Expired.into()),
            started => started?,
        };
        self.ports.codes.spend(request).await;
        Ok(issued)
    }

    /// Signs a device in with the code of an invitation, which works once.
    pub(crate) async fn accept_invitation(
        &self,
        code: &str,
        device: Device,
        from: IpAddr,
    ) -> Result<Issued, SessionError> {
        self.limits.take_by_ip(from, self.ports.clock.now())?;
        let accepted = self.ports.invitations.accept(code).await?;
        let invitation = accepted.ok_or(SessionError::InvitationInvalid)?;
        let role = Joining::Invited(invitation.clone()).role(self.ports.people.first_role(&invitation.email));
        let person = self.ports.people.find_or_add(&invitation.email, role).await?;
        let newcomer = Newcomer {
            person,
            proof: invitation.id.clone(),
            device,
            from,
            invitation: Some(invitation),
        };
        self.start(newcomer).await
    }

    async fn known_or_joining(&self, email: &Email) -> Result<(Person, Option<Invitation>), SessionError> {
        if let Some(person) = self.ports.people.find_by_address(email).await? {
            return Ok((person, None));
        }
        let joining = self.ports.admission.join(email).await?;
        if joining == Joining::Refused {
            return Err(CodeError::DomainNotAllowed.into());
        }
        let role = joining.role(self.ports.people.first_role(email));
        let person = self.ports.people.find_or_add(email, role).await?;
        match joining {
            Joining::Invited(invitation) => Ok((person, Some(invitation))),
            Joining::Uninvited | Joining::Refused => Ok((person, None)),
        }
    }

    async fn start(&self, newcomer: Newcomer) -> Result<Issued, SessionError> {
        let (session, refresh_token) = self.new_session(&newcomer);
        self.ports
            .store
            .add_session(&session, &notes(&newcomer, &session))
            .await?;
        // Deactivating marks the person first and ends their sessions then: whichever of the two comes first,
        // either that sees this session or this sees the mark.
        self.refuse_deactivated(&session).await?;
        self.ports.measures.sessions_started.inc();
        self.issue(&session, refresh_token)
    }

    fn new_session(&self, newcomer: &Newcomer) -> (Session, RefreshToken) {
        let id = SessionId::from_random(self.ports.random.bits());
        let mut secret = [0; 32];
        self.ports.random.fill(&mut secret);
        let refresh_token = RefreshToken::first(id.clone(), secret, &self.refresh_key);
        let now = self.ports.clock.now();
        let session = Session {
            id,
            user: newcomer.person.id.clone(),
            code_request: newcomer.proof.clone(),
            device: Device {
                name: one_line(&newcomer.device.name),
                system: one_line(&newcomer.device.system),
            },
            refresh: refresh_token.state(),
            created_at: now,
            seen: Seen::now(now, newcomer.from),
            ended: None,
        };
        (session, refresh_token)
    }

    pub(super) async fn refuse_deactivated(&self, session: &Session) -> Result<(), SessionError> {
        if self.ports.people.find(&session.user).await?.active {
            return Ok(());
        }
        self.end(&session.id, EndReason::Deactivated, &[]).await?;
        Err(SessionError::Deactivated)
    }

    pub(super) fn issue(&self, session: &Session, refresh_token: RefreshToken) -> Result<Issued, SessionError> {
        let (now, token_bits) = (self.ports.clock.now(), self.ports.random.bits());
        Ok(Issued {
            access_token: self.tokens.issue(&session.user, &session.id, now, token_bits)?,
            expires_in_s: self.tokens.lifetime_s(),
            refresh_token: refresh_token.text(),
            user: session.user.clone(),
            session: session.id.clone(),
        })
    }
}

fn notes(newcomer: &Newcomer, session: &Session) -> Vec<Note> {
    let by = Actor {
        user: session.user.clone(),
        address: newcomer.from,
    };
    let accepted = newcomer.invitation.as_ref().map(|invitation| {
        Note::by(&by, AuditAction::InvitationAccepted, session.created_at)
            .to(invitation.email.as_str())
            .saying(format!("role: {}", role_text(newcomer.person.role)))
    });
    let signed_in = Note::by(&by, AuditAction::SignedIn, session.created_at)
        .to(session.id.as_str())
        .saying(told(&session.device));
    accepted.into_iter().chain([signed_in]).collect()
}

/// A device names itself; whatever it sends becomes one short line.
fn one_line(text: &str) -> String {
    text.chars()
        .filter(|character| !text::is_unfit_for_names(*character))
        .take(LONGEST_DEVICE_NAME)
        .collect::<String>()
        .trim()
        .to_owned()
}
