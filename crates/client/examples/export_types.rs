//! Writes the TypeScript types of everything a window exchanges with this crate.
//!
//! `cargo run -p client --example export_types -- DIRECTORY`. Types no longer exported leave no file behind:
//! the directory is emptied of `.ts` files first.

use std::path::{Path, PathBuf};

use anyhow::Context;
use client::change::Change;
use client::search::{SearchPage, SearchRequest};
use client::view::{
    ChannelRow, CodeSent, ConversationRow, Failure, InvitationLink, MentionsPage, OpenConversation, PendingMessage,
    PersonView, ServerChoice, ServerInfo, Session, TimelinePage,
};
use protocol::rest::chat::Version;
use protocol::rest::identity::{
    AuditPage, AuditQuery, Invitation, PersonChange, ProfileChange, Role, SessionInfo, SettingsChange,
    WorkspaceSettings,
};
use protocol::{Activity, Limits, Visibility};
use ts_rs::{Config, ExportError, TS};

fn main() -> anyhow::Result<()> {
    let directory: PathBuf = std::env::args_os()
        .nth(1)
        .context("name the directory to write to")?
        .into();
    remove_old(&directory).with_context(|| format!("cannot empty {}", directory.display()))?;
    // Every number that crosses is below 2^53: times in milliseconds, positions in a log.
    let config = Config::new().with_large_int("number").with_out_dir(&directory);
    export(&config).with_context(|| format!("cannot write to {}", directory.display()))
}

/// Each with everything it refers to.
fn export(config: &Config) -> Result<(), ExportError> {
    Change::export_all(config)?;
    Session::export_all(config)?;
    ServerInfo::export_all(config)?;
    CodeSent::export_all(config)?;
    ConversationRow::export_all(config)?;
    OpenConversation::export_all(config)?;
    TimelinePage::export_all(config)?;
    MentionsPage::export_all(config)?;
    SearchRequest::export_all(config)?;
    SearchPage::export_all(config)?;
    PendingMessage::export_all(config)?;
    PersonView::export_all(config)?;
    ChannelRow::export_all(config)?;
    ProfileChange::export_all(config)?;
    InvitationLink::export_all(config)?;
    ServerChoice::export_all(config)?;
    Version::export_all(config)?;
    SessionInfo::export_all(config)?;
    Invitation::export_all(config)?;
    PersonChange::export_all(config)?;
    Role::export_all(config)?;
    WorkspaceSettings::export_all(config)?;
    SettingsChange::export_all(config)?;
    AuditPage::export_all(config)?;
    AuditQuery::export_all(config)?;
    Activity::export_all(config)?;
    Visibility::export_all(config)?;
    Limits::export_all(config)?;
    Failure::export_all(config)
}

fn remove_old(directory: &Path) -> std::io::Result<()> {
    if !directory.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ts") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}
