//! How the workspace is set up: its name, whose addresses may sign in, who makes channels.
//!
//! The settings of the process are only the first values; what administrators choose is stored and stays. It is read
//! where it is needed, so a change takes effect at once, on every node.

mod announcement;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use protocol::rest::identity::{AuditAction, ChannelCreation, SettingsChange};
use protocol::{Email, ErrorCode, text};
use service_kit::SharedClock;
use service_kit::store::StoreError;

use crate::announcing::Announcer;
use crate::audit::{Actor, Note};
use crate::store::WorkspaceStore;

pub(crate) use announcement::WorkspaceAnnouncement;

/// Changes that others may make between our reading and writing before we give up.
const CHANGE_TRIES: u32 = 5;
/// Domains whose addresses may sign in, at most.
const MOST_DOMAINS: usize = 100;

/// The stored settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setup {
    pub(crate) name: String,
    /// In lower case.
    pub(crate) sign_in_domains: Vec<String>,
    pub(crate) channel_creation: ChannelCreation,
    /// Grows by one with every change; 1 at the first start.
    pub(crate) version: u64,
}

/// Who may sign in where no domain is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithoutDomains {
    /// Everybody with an address: a developer's machine.
    Anybody,
    /// Nobody who was not invited.
    TheInvited,
}

/// Why the settings were not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkspaceError {
    #[error("the name cannot be used")]
    Name(ErrorCode),
    #[error("{0:?} is not a domain")]
    Domain(String),
    #[error("more than {MOST_DOMAINS} domains")]
    TooManyDomains,
    #[error("the settings were changed by others again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The settings of the workspace.
pub(crate) struct Workspace {
    store: Arc<dyn WorkspaceStore>,
    announcer: Announcer,
    clock: SharedClock,
    without_domains: WithoutDomains,
}

impl Workspace {
    pub(crate) fn new(
        store: Arc<dyn WorkspaceStore>,
        announcer: Announcer,
        clock: SharedClock,
        without_domains: WithoutDomains,
    ) -> Self {
        Self {
            store,
            announcer,
            clock,
            without_domains,
        }
    }

    /// How it is set up now.
    pub(crate) async fn setup(&self) -> Result<Setup, StoreError> {
        self.store.setup().await
    }

    /// Whether any address may sign in.
    pub(crate) fn admits_any_domain(&self, setup: &Setup) -> bool {
        setup.sign_in_domains.is_empty() && self.without_domains == WithoutDomains::Anybody
    }

    /// Whether whoever has an address of this domain may sign in.
    pub(crate) async fn admits(&self, email: &Email) -> Result<bool, StoreError> {
        let setup = self.setup().await?;
        let named = setup.sign_in_domains.iter().any(|domain| domain == email.domain());
        Ok(named || self.admits_any_domain(&setup))
    }

    /// Changes what is given. What changes nothing is no change.
    pub(crate) async fn change(&self, by: &Actor, change: &SettingsChange) -> Result<Setup, WorkspaceError> {
        for _ in 0..CHANGE_TRIES {
            let before = self.setup().await?;
            let mut after = changed(&before, change)?;
            if after == before {
                return Ok(before);
            }
            after.version += 1;
            let note = Note::by(by, AuditAction::SettingsChanged, self.clock.now()).saying(difference(&before, &after));
            if self.store.replace_setup(&after, &note).await? {
                self.announcer.wake();
                return Ok(after);
            }
        }
        Err(WorkspaceError::Contended)
    }
}

fn changed(setup: &Setup, change: &SettingsChange) -> Result<Setup, WorkspaceError> {
    let mut setup = setup.clone();
    if let Some(name) = &change.name {
        setup.name = text::name(name).map_err(WorkspaceError::Name)?;
    }
    if let Some(domains) = &change.sign_in_domains {
        setup.sign_in_domains = read_domains(domains)?;
    }
    if let Some(channel_creation) = change.channel_creation {
        setup.channel_creation = channel_creation;
    }
    Ok(setup)
}

/// Reads domains as people write them: in any case, with a leading `@`, twice.
pub(crate) fn read_domains(texts: &[String]) -> Result<Vec<String>, WorkspaceError> {
    if texts.len() > MOST_DOMAINS {
        return Err(WorkspaceError::TooManyDomains);
    }
    let mut domains: Vec<String> = Vec::new();
    for text in texts {
        let domain = text.trim().trim_start_matches('@').to_ascii_lowercase();
        if Email::parse(&format!("someone@{domain}")).is_err() {
            return Err(WorkspaceError::Domain(text.chars().take(text::LONGEST_NAME).collect()));
        }
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    Ok(domains)
}

/// What an administrator reads in the audit log.
fn difference(before: &Setup, after: &Setup) -> String {
    let shown = |setup: &Setup| {
        [
            ("name", setup.name.clone()),
            ("sign-in domains", setup.sign_in_domains.join(", ")),
            ("channel creation", creation_text(setup.channel_creation).to_owned()),
        ]
    };
    let pairs = shown(before).into_iter().zip(shown(after));
    let differences = pairs.filter(|(before, after)| before != after);
    let told: Vec<String> = differences
        .map(|((what, before), (_, after))| format!("{what}: {before} -> {after}"))
        .collect();
    told.join("; ")
}

/// The word a choice is stored under, which is the one on the wire.
pub(crate) fn creation_text(creation: ChannelCreation) -> &'static str {
    match creation {
        ChannelCreation::Everyone => "everyone",
        ChannelCreation::Administrators => "administrators",
    }
}

/// The choice of a word.
pub(crate) fn creation_of(text: &str) -> Option<ChannelCreation> {
    [ChannelCreation::Everyone, ChannelCreation::Administrators]
        .into_iter()
        .find(|creation| creation_text(*creation) == text)
}
