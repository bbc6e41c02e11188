//! Invitations as rows.

use async_trait::async_trait;
use protocol::{Email, UnixMs, UserId};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use service_kit::store::StoreError;

use super::people::role_of;
use super::{SqliteStore, audit, outbox, unreadable};
use crate::audit::Note;
use crate::invitations::{CodeHash, Invitation};
use crate::outbox::KeptEvent;
use crate::people::role_text;
use crate::store::InvitationStore;

const COLUMNS: &str = "id, email, role, invited_by, invited_at, expires_at, accepted_at";

#[async_trait]
impl InvitationStore for SqliteStore {
    async fn add_invitation(
        &self,
        new: &Invitation,
        code: CodeHash,
        note: &Note,
        mail: &KeptEvent,
    ) -> Result<(), StoreError> {
        let (new, note, mail) = (new.clone(), note.clone(), mail.clone());
        let write = move |connection: &Connection| {
            let key = new.email.key();
            connection
                .prepare_cached("DELETE FROM invitations WHERE email_key = ?1 AND accepted_at IS NULL")?
                .execute([&key])?;
            let sql = "INSERT INTO invitations
                           (id, email, email_key, role, code_hash, invited_by, invited_at, expires_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            connection.prepare_cached(sql)?.execute(params![
                new.id,
                new.email.as_str(),
                key,
                role_text(new.role),
                code,
                new.invited_by.as_str(),
                new.invited_at,
                new.expires_at,
            ])?;
            audit::add(connection, &note)?;
            outbox::add(connection, &mail)
        };
        self.database.write(write).await
    }

    async fn invitation(&self, id: &str) -> Result<Option<Invitation>, StoreError> {
        let id = id.to_owned();
        self.database
            .read(move |connection| one(connection, "id = ?1", [id]))
            .await
    }

    async fn invitations(&self, most: u32) -> Result<Vec<Invitation>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM invitations ORDER BY invited_at DESC, id DESC LIMIT ?1");
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&sql)?;
            let mut rows = query.query([most])?;
            let mut invitations = Vec::new();
            while let Some(row) = rows.next()? {
                invitations.push(invitation(row)?);
            }
            Ok(invitations)
        };
        self.database.read(read).await
    }

    async fn withdraw_invitation(&self, id: &str, note: &Note) -> Result<bool, StoreError> {
        let (id, note) = (id.to_owned(), note.clone());
        let write = move |connection: &Connection| {
            let sql = "DELETE FROM invitations WHERE id = ?1 AND accepted_at IS NULL";
            let withdrawn = connection.prepare_cached(sql)?.execute([id])? == 1;
            if withdrawn {
                audit::add(connection, &note)?;
            }
            Ok(withdrawn)
        };
        self.database.write(write).await
    }

    async fn accept_invitation(&self, code: &CodeHash, at: UnixMs) -> Result<Option<Invitation>, StoreError> {
        let code = *code;
        let write = move |connection: &Connection| {
            let sql = "UPDATE invitations SET accepted_at = ?2
                       WHERE code_hash = ?1 AND accepted_at IS NULL AND expires_at > ?2";
            let accepted = connection.prepare_cached(sql)?.execute(params![code, at])? == 1;
            if accepted {
                one(connection, "code_hash = ?1", [code])
            } else {
                Ok(None)
            }
        };
        self.database.write(write).await
    }

    async fn accept_invitation_of(&self, email: &Email, at: UnixMs) -> Result<Option<Invitation>, StoreError> {
        let key = email.key();
        let write = move |connection: &Connection| {
            let sql = "UPDATE invitations SET accepted_at = ?2
                       WHERE email_key = ?1 AND accepted_at IS NULL AND expires_at > ?2";
            connection.prepare_cached(sql)?.execute(params![key, at])?;
            let newest_accepted = "email_key = ?1 AND accepted_at IS NOT NULL AND expires_at > ?2
                                   ORDER BY accepted_at DESC LIMIT 1";
            one(connection, newest_accepted, params![key, at])
        };
        self.database.write(write).await
    }

    async fn is_invited(&self, email: &Email, at: UnixMs) -> Result<bool, StoreError> {
        let key = email.key();
        let read = move |connection: &Connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM invitations WHERE email_key = ?1 AND expires_at > ?2)";
            Ok(connection
                .prepare_cached(sql)?
                .query_row(params![key, at], |row| row.get(0))?)
        };
        self.database.read(read).await
    }

    async fn forget_invitations_before(&self, before: UnixMs) -> Result<(), StoreError> {
        let write = move |connection: &Connection| {
            // What was accepted may still be needed until it expires; see `accept_invitation_of`.
            connection
                .prepare_cached("DELETE FROM invitations WHERE expires_at < ?1")?
                .execute([before])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

fn one(connection: &Connection, condition: &str, values: impl Params) -> Result<Option<Invitation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM invitations WHERE {condition}");
    let row = connection
        .prepare_cached(&sql)?
        .query_row(values, |row| Ok(invitation(row)))
        .optional()?;
    row.transpose()
}

fn invitation(row: &Row<'_>) -> Result<Invitation, StoreError> {
    let (email, role): (String, String) = (row.get(1)?, row.get(2)?);
    let invited_by: String = row.get(3)?;
    Ok(Invitation {
        id: row.get(0)?,
        email: Email::parse(&email).map_err(|_| unreadable("address"))?,
        role: role_of(&role)?,
        invited_by: UserId::parse(&invited_by).map_err(|_| unreadable("person's id"))?,
        invited_at: row.get(4)?,
        expires_at: row.get(5)?,
        accepted_at: row.get(6)?,
    })
}
