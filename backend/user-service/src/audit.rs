//! The audit log: who did what, to whom, when, and from where. Lines are added and never changed.
//!
//! A line is stored together with what it tells of, or neither is: so rules hand [`Note`]s to the store beside the
//! change. Codes, tokens and message texts never stand in one.

use std::net::IpAddr;
use std::sync::Arc;

use protocol::rest::identity::AuditAction;
use protocol::{UnixMs, UserId};
use service_kit::SharedClock;
use service_kit::store::StoreError;

use crate::store::AuditStore;

/// Lines that an export reads at once.
const EXPORTED_AT_ONCE: u32 = 500;

/// Who does something, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    pub(crate) user: UserId,
    pub(crate) address: IpAddr,
}

/// A line that is about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) at: UnixMs,
    /// None when the server did by itself.
    pub(crate) actor: Option<UserId>,
    pub(crate) action: AuditAction,
    /// Whom or what it was done to.
    pub(crate) target: Option<String>,
    /// What changed; may be empty.
    pub(crate) detail: String,
    /// The network address it came from; may be empty.
    pub(crate) address: String,
}

impl Note {
    /// This person did this.
    pub(crate) fn by(actor: &Actor, action: AuditAction, at: UnixMs) -> Self {
        Self {
            actor: Some(actor.user.clone()),
            address: written_address(actor.address),
            ..Self::by_the_server(action, at)
        }
    }

    /// The server did this by itself.
    pub(crate) fn by_the_server(action: AuditAction, at: UnixMs) -> Self {
        Self {
            at,
            actor: None,
            action,
            target: None,
            detail: String::new(),
            address: String::new(),
        }
    }

    /// To whom or what.
    pub(crate) fn to(self, target: impl Into<String>) -> Self {
        Self {
            target: Some(target.into()),
            ..self
        }
    }

    /// What changed.
    pub(crate) fn saying(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    /// Where what made the server do it came from.
    pub(crate) fn from(self, address: IpAddr) -> Self {
        Self {
            address: written_address(address),
            ..self
        }
    }
}

/// An address as people write it: one of IPv4 stays one, also where sockets take both families.
pub(crate) fn written_address(address: IpAddr) -> String {
    address.to_canonical().to_string()
}

/// A stored line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its position, ascending.
    pub(crate) seq: u64,
    pub(crate) note: Note,
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Lines with a smaller seq.
    pub(crate) before: Option<u64>,
    pub(crate) actor: Option<UserId>,
    pub(crate) action: Option<AuditAction>,
    /// Not before this time.
    pub(crate) since: Option<UnixMs>,
    /// Before this time.
    pub(crate) until: Option<UnixMs>,
}

/// Reads the log, and notes that it was carried out of the house.
pub(crate) struct AuditLog {
    store: Arc<dyn AuditStore>,
    clock: SharedClock,
}

impl AuditLog {
    pub(crate) fn new(store: Arc<dyn AuditStore>, clock: SharedClock) -> Self {
        Self { store, clock }
    }

    /// A page of the log, the newest line first, and the `before` of the next page if there is one.
    pub(crate) async fn page(&self, filter: &Filter, most: u32) -> Result<(Vec<Line>, Option<u64>), StoreError> {
        let wanted = most as usize;
        // One more than asked for tells whether there is another page.
        let mut lines = self.store.audit_lines(filter, most + 1).await?;
        let more = lines.len() > wanted;
        lines.truncate(wanted);
        let next = lines.last().filter(|_| more).map(|line| line.seq);
        Ok((lines, next))
    }

    /// Notes that the log is being exported; then [`Self::export_step`] reads it.
    pub(crate) async fn begin_export(&self, by: &Actor, filter: &Filter) -> Result<(), StoreError> {
        let note = Note::by(by, AuditAction::AuditExported, self.clock.now()).saying(written(filter));
        self.store.note(&note).await
    }

    /// The next lines of an export, and the filter of those behind them if there are any.
    pub(crate) async fn export_step(&self, filter: Filter) -> Result<(Vec<Line>, Option<Filter>), StoreError> {
        let (lines, next) = self.page(&filter, EXPORTED_AT_ONCE).await?;
        let next = next.map(|before| Filter {
            before: Some(before),
            ..filter
        });
        Ok((lines, next))
    }
}

/// What an export was narrowed to.
fn written(filter: &Filter) -> String {
    let parts = [
        filter.before.map(|seq| format!("before: {seq}")),
        filter.actor.as_ref().map(|actor| format!("actor: {actor}")),
        filter.action.map(|action| format!("action: {}", action_text(action))),
        filter.since.map(|at| format!("since: {at}")),
        filter.until.map(|at| format!("until: {at}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("; ")
}

/// Every action with the word it is stored under, which is the one on the wire.
const ACTIONS: [(AuditAction, &str); 12] = [
    (AuditAction::SignedIn, "signed_in"),
    (AuditAction::SignedOut, "signed_out"),
    (AuditAction::SessionRevoked, "session_revoked"),
    (AuditAction::RefreshTokenReused, "refresh_token_reused"),
    (AuditAction::Invited, "invited"),
    (AuditAction::InvitationWithdrawn, "invitation_withdrawn"),
    (AuditAction::InvitationAccepted, "invitation_accepted"),
    (AuditAction::RoleChanged, "role_changed"),
    (AuditAction::Deactivated, "deactivated"),
    (AuditAction::Reactivated, "reactivated"),
    (AuditAction::SettingsChanged, "settings_changed"),
    (AuditAction::AuditExported, "audit_exported"),
];

/// The word of an action.
pub(crate) fn action_text(action: AuditAction) -> &'static str {
    let found = ACTIONS.iter().find(|(known, _)| *known == action);
    found.map_or("unknown", |(_, text)| text)
}

/// The action of a word.
pub(crate) fn action_of(text: &str) -> Option<AuditAction> {
    ACTIONS
        .iter()
        .find(|(_, known)| *known == text)
        .map(|(action, _)| *action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_the_word_it_has_on_the_wire() {
        for (action, text) in ACTIONS {
            assert_eq!(serde_json::to_value(action).unwrap(), text);
            assert_eq!((action_text(action), action_of(text)), (text, Some(action)));
        }
        assert_eq!(action_of("watered_the_plants"), None);
    }

    #[test]
    fn an_ipv4_address_is_written_as_one_whatever_the_socket_says() {
        assert_eq!(written_address("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(written_address("2001:db8::7".parse().unwrap()), "2001:db8::7");
    }
}
