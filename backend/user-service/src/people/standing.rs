//! What administrators change about others: what they may do, and whether they are here at all.

use protocol::rest::identity::{AuditAction, PersonChange};
use protocol::{Role, UnixMs, UserId};

use super::{People, Person, PersonError};
use crate::audit::{Actor, Note};

impl People {
    /// Changes somebody's role, or whether they are active. Whoever deactivates somebody ends their sessions next.
    pub(crate) async fn change_standing(
        &self,
        by: &Actor,
        id: &UserId,
        change: &PersonChange,
    ) -> Result<Person, PersonError> {
        let now = self.clock.now();
        let changed = |before: &Person| {
            let mut after = before.clone();
            after.role = change.role.unwrap_or(before.role);
            after.active = change.active.unwrap_or(before.active);
            Ok(after)
        };
        let (_, after) = self
            .replace(id, changed, |before, after| notes(by, before, after, now))
            .await?;
        Ok(after)
    }
}

fn notes(by: &Actor, before: &Person, after: &Person, now: UnixMs) -> Vec<Note> {
    let note = |action| Note::by(by, action, now).to(after.id.as_str());
    let mut notes = Vec::new();
    if before.role != after.role {
        let change = format!("role: {} -> {}", role_text(before.role), role_text(after.role));
        notes.push(note(AuditAction::RoleChanged).saying(change));
    }
    match (before.active, after.active) {
        (true, false) => notes.push(note(AuditAction::Deactivated)),
        (false, true) => notes.push(note(AuditAction::Reactivated)),
        _ => {}
    }
    notes
}

/// The word a role is stored under, which is the one on the wire.
pub(crate) fn role_text(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Administrator => "administrator",
    }
}

/// The role of a word.
pub(crate) fn role_of(text: &str) -> Option<Role> {
    [Role::Member, Role::Administrator]
        .into_iter()
        .find(|role| role_text(*role) == text)
}
