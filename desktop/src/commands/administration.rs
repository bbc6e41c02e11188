//! What administrators do: people, invitations, settings, the audit log.

use client::view::Failure;
use protocol::UserId;
use protocol::rest::identity::{AuditQuery, PersonChange, Role, SettingsChange};

use super::new_file;
use super::table::commands;
use crate::desk::Desk;

commands! { for desk:
    workspace_settings() => |desk| desk.client().await?.workspace_settings().await;
    change_settings(change: SettingsChange) => |desk| desk.client().await?.change_settings(change).await;
    everyone(query: String) => |desk| desk.client().await?.everyone(query).await;
    change_person(person: UserId, change: PersonChange)
        => |desk| desk.client().await?.change_person(person, change).await;
    invitations() => |desk| desk.client().await?.invitations().await;
    invite(email: String, role: Role) => |desk| desk.client().await?.invite(email, role).await;
    withdraw_invitation(invitation: String) => |desk| desk.client().await?.withdraw_invitation(invitation).await;
    audit_log(query: AuditQuery) => |desk| desk.client().await?.audit_log(query).await;
    export_audit_log(query: AuditQuery) => |desk| export(desk, query).await;
}

/// Writes the audit log as JSON lines into the downloads folder and answers where.
async fn export(desk: &Desk, query: AuditQuery) -> Result<String, Failure> {
    let lines = desk.client().await?.export_audit_log(query).await?;
    new_file::write(desk.downloads(), "loquat-audit.jsonl", lines.into_bytes()).await
}
