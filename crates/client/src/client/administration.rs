//! Running a workspace: its settings, everyone in it, invitations, and the audit log.

use protocol::rest::identity::{
    AuditPage, AuditQuery, Invitation, Invitations, NewInvitation, People, Person, PersonChange, Role, SettingsChange,
    WorkspaceSettings,
};
use protocol::{Email, ErrorCode, UserId};

use super::Client;
use crate::people;
use crate::rest::{identity, refused_here};
use crate::store::people::view;
use crate::store::workspace;
use crate::view::{Failure, PersonView};
use crate::workspace::keep;

/// Pages of the directory that are asked for at once: 10,000 people. More are found by their names.
const MOST_PAGES: usize = 100;

impl Client {
    /// How the workspace is set up: from the server, or as this device knows it when there is no connection.
    pub async fn workspace_settings(&self) -> Result<WorkspaceSettings, Failure> {
        let signed_in = self.shared().signed_in()?;
        let _turn = signed_in.settings_turn.lock().await;
        match signed_in.api.send::<WorkspaceSettings>(identity::settings()).await {
            Ok(settings) => keep(self.shared(), &signed_in.store, settings).await,
            Err(failure) if failure.is_lasting() => Err(failure),
            Err(failure) => {
                let known = signed_in.store.read(workspace::settings).await?;
                known.ok_or(failure)
            }
        }
    }

    /// Sets the workspace up differently. For administrators.
    pub async fn change_settings(&self, change: SettingsChange) -> Result<WorkspaceSettings, Failure> {
        let signed_in = self.shared().signed_in()?;
        let _turn = signed_in.settings_turn.lock().await;
        let settings = signed_in.api.send(identity::change_settings(&change)).await?;
        keep(self.shared(), &signed_in.store, settings).await
    }

    /// Everyone whose name or address contains this text, with those who were deactivated. For administrators.
    pub async fn everyone(&self, query: String) -> Result<Vec<PersonView>, Failure> {
        let signed_in = self.shared().signed_in()?;
        let mut everyone = Vec::new();
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let page: People = signed_in.api.send(identity::everyone(&query, after.as_deref())).await?;
            everyone.extend(page.people.iter().map(view));
            people::keep(&signed_in.store, page.people).await?;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(everyone)
    }

    /// Changes what somebody may do, or whether they may sign in. For administrators.
    pub async fn change_person(&self, person: UserId, change: PersonChange) -> Result<PersonView, Failure> {
        let signed_in = self.shared().signed_in()?;
        let person: Person = signed_in.api.send(identity::change_person(&person, &change)).await?;
        self.keep_person(&signed_in, person).await
    }

    /// Invitations that are open or were accepted, the newest first. For administrators.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, Failure> {
        let answer: Invitations = self.shared().signed_in()?.api.send(identity::invitations()).await?;
        Ok(answer.invitations)
    }

    /// Has an invitation mailed. For administrators.
    pub async fn invite(&self, email: String, role: Role) -> Result<Invitation, Failure> {
        let email = Email::parse(&email).map_err(|_| refused_here(ErrorCode::InvalidEmail))?;
        let invitation = NewInvitation {
            email: email.as_str().to_owned(),
            role,
        };
        let signed_in = self.shared().signed_in()?;
        signed_in.api.send(identity::invite(&invitation)).await
    }

    /// Makes an invitation worthless. For administrators.
    pub async fn withdraw_invitation(&self, invitation: String) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        signed_in.api.tell(identity::withdraw(&invitation)?).await
    }

    /// A page of the audit log, the newest event first. For administrators.
    pub async fn audit_log(&self, query: AuditQuery) -> Result<AuditPage, Failure> {
        self.shared().signed_in()?.api.send(identity::audit(&query)).await
    }

    /// The audit log as JSON lines. For administrators.
    pub async fn export_audit_log(&self, query: AuditQuery) -> Result<String, Failure> {
        let signed_in = self.shared().signed_in()?;
        let lines = signed_in.api.bytes(identity::export_audit(&query)).await?;
        String::from_utf8(lines).map_err(|_| signed_in.api.rest.not_loquat())
    }
}
