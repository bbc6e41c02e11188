//! What administrators do: people, invitations, settings, the audit log.

use std::path::{Path, PathBuf};

use client::view::Failure;
use protocol::UserId;
use protocol::rest::identity::{AuditQuery, PersonChange, Role, SettingsChange};

use super::table::commands;
use crate::desk::Desk;

/// Exports under one name that are kept beside each other.
const MOST_OF_ONE_NAME: u32 = 1000;

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
    let folder = desk.downloads();
    let written = tokio::task::spawn_blocking(move || write_new(&folder, "loquat-audit", &lines)).await;
    let path = written
        .map_err(|error| error.to_string())
        .and_then(|written| written.map_err(|error| error.to_string()))
        .map_err(|detail| Failure::Storage { detail })?;
    Ok(path.display().to_string())
}

/// Writes a file that was not there before: `name.jsonl`, `name-2.jsonl` and so on.
fn write_new(folder: &Path, name: &str, lines: &str) -> std::io::Result<PathBuf> {
    use std::io::Write as _;

    std::fs::create_dir_all(folder)?;
    for number in 1..=MOST_OF_ONE_NAME {
        let file = match number {
            1 => format!("{name}.jsonl"),
            _ => format!("{name}-{number}.jsonl"),
        };
        let path = folder.join(file);
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(lines.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::new(
        std::io::ErrorKind::AlreadyExists,
        format!(
            "{} has {MOST_OF_ONE_NAME} exports already; move some away",
            folder.display()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_never_overwrites_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_new(folder.path(), "audit", "one\n").unwrap();
        let second = write_new(folder.path(), "audit", "two\n").unwrap();
        assert_eq!(first, folder.path().join("audit.jsonl"));
        assert_eq!(second, folder.path().join("audit-2.jsonl"));
        assert_eq!(std::fs::read_to_string(first).unwrap(), "one\n");
        assert_eq!(std::fs::read_to_string(second).unwrap(), "two\n");
    }
}
