//! What administrators do: people, invitations, settings, the audit log.

use std::path::{Path, PathBuf};

use client::view::{Failure, PersonView};
use protocol::UserId;
use protocol::rest::identity::{
    AuditPage, AuditQuery, Invitation, PersonChange, Role, SettingsChange, WorkspaceSettings,
};
use tauri::{AppHandle, Manager, Runtime, State};

use crate::opening::OpenClient;

/// Exports under one name that are kept beside each other.
const MOST_OF_ONE_NAME: u32 = 1000;

#[tauri::command]
pub(crate) async fn workspace_settings(client: State<'_, OpenClient>) -> Result<WorkspaceSettings, Failure> {
    client.ready().await?.workspace_settings().await
}

#[tauri::command]
pub(crate) async fn change_settings(
    client: State<'_, OpenClient>,
    change: SettingsChange,
) -> Result<WorkspaceSettings, Failure> {
    client.ready().await?.change_settings(change).await
}

#[tauri::command]
pub(crate) async fn everyone(client: State<'_, OpenClient>, query: String) -> Result<Vec<PersonView>, Failure> {
    client.ready().await?.everyone(query).await
}

#[tauri::command]
pub(crate) async fn change_person(
    client: State<'_, OpenClient>,
    person: UserId,
    change: PersonChange,
) -> Result<PersonView, Failure> {
    client.ready().await?.change_person(person, change).await
}

#[tauri::command]
pub(crate) async fn invitations(client: State<'_, OpenClient>) -> Result<Vec<Invitation>, Failure> {
    client.ready().await?.invitations().await
}

#[tauri::command]
pub(crate) async fn invite(client: State<'_, OpenClient>, email: String, role: Role) -> Result<Invitation, Failure> {
    client.ready().await?.invite(email, role).await
}

#[tauri::command]
pub(crate) async fn withdraw_invitation(client: State<'_, OpenClient>, invitation: String) -> Result<(), Failure> {
    client.ready().await?.withdraw_invitation(invitation).await
}

#[tauri::command]
pub(crate) async fn audit_log(client: State<'_, OpenClient>, query: AuditQuery) -> Result<AuditPage, Failure> {
    client.ready().await?.audit_log(query).await
}

/// Writes the audit log as JSON lines into the downloads folder and answers where.
#[tauri::command]
pub(crate) async fn export_audit_log<R: Runtime>(
    app: AppHandle<R>,
    client: State<'_, OpenClient>,
    query: AuditQuery,
) -> Result<String, Failure> {
    let lines = client.ready().await?.export_audit_log(query).await?;
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder = folder.map_err(|error| Failure::Storage {
        detail: error.to_string(),
    })?;
    let written = tauri::async_runtime::spawn_blocking(move || write_new(&folder, "loquat-audit", &lines)).await;
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
