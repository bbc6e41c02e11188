//! Whose store it is.

use protocol::{Role, UserId};
use rusqlite::{Connection, OptionalExtension};

use super::{StoreError, people};
use crate::view::PersonView;

/// The one person on one server that a store belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) server: String,
    pub(crate) user: UserId,
    /// The address they signed in with; empty when it is not known.
    pub(crate) email: String,
    pub(crate) workspace: String,
}

impl Account {
    /// Whether this is the same person on the same server.
    pub(crate) fn is_of(&self, server: &str, user: &UserId) -> bool {
        self.server == server && self.user == *user
    }
}

/// Whose store it is; none for a fresh one.
pub(crate) fn read(disk: &Connection) -> Result<Option<Account>, StoreError> {
    let account = disk
        .query_row("SELECT server, user, email, workspace FROM account", (), |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get(2)?,
                row.get(3)?,
            ))
        })
        .optional()?;
    let Some((server, user, email, workspace)) = account else {
        return Ok(None);
    };
    // An id that is not one was not written by this program.
    let user = UserId::parse(&user).map_err(|_| StoreError::Broken)?;
    Ok(Some(Account {
        server,
        user,
        email,
        workspace,
    }))
}

/// Says whose store it is from now on. The caller has erased it when it was another person's.
pub(crate) fn put(disk: &Connection, account: &Account) -> Result<(), StoreError> {
    disk.execute(
        "INSERT OR REPLACE INTO account (one, server, user, email, workspace) VALUES (1, ?1, ?2, ?3, ?4)",
        (
            &account.server,
            account.user.as_str(),
            &account.email,
            &account.workspace,
        ),
    )?;
    Ok(())
}

/// The person it belongs to, as far as this device knows them.
pub(crate) fn me(disk: &Connection, account: &Account) -> Result<PersonView, StoreError> {
    let known = people::find(disk, &account.user)?;
    Ok(known.unwrap_or_else(|| PersonView {
        id: account.user.clone(),
        name: account.email.split('@').next().unwrap_or_default().to_owned(),
        title: String::new(),
        email: account.email.clone(),
        time_zone: String::new(),
        active: true,
        role: Role::default(),
        picture: None,
    }))
}
