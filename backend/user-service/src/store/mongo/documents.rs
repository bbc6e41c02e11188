//! The documents as they lie in the database, and their way into the rules' own types and back.

use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson};
use protocol::rest::identity::{ChannelCreation, Device};
use protocol::{Email, Role, SessionId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use service_kit::store::StoreError;
use service_kit::store::mongo::number;

use super::unreadable;
use super::unsettled::{Attached, MailAttachment, NoteAttachment};
use crate::invitations::{CodeHash, Invitation};
use crate::people::{Person, role_text};
use crate::sessions::{Ended, RefreshState, Seen, Session, reason_of};
use crate::workspace::{Setup, creation_of};

pub(super) const PEOPLE: &str = "people";
pub(super) const PICTURES: &str = "pictures";
pub(super) const SESSIONS: &str = "sessions";
pub(super) const ADDRESS_DAYS: &str = "address_days";
pub(super) const INVITATIONS: &str = "invitations";
pub(super) const OUTBOX: &str = "outbox";
pub(super) const WORKSPACE: &str = "workspace";
pub(super) const AUDIT: &str = "audit";
pub(super) const GUARDS: &str = "guards";

/// The only document of its collection.
pub(super) const WORKSPACE_ID: &str = "workspace";

/// Between a name and an id, where the directory is ordered by both: less than anything a name can have.
const PLACE_SEPARATOR: char = '\u{1}';

#[derive(Serialize, Deserialize)]
pub(super) struct PersonDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) email: String,
    pub(super) email_key: String,
    pub(super) name: String,
    /// Where the directory has them: the name in lower case, then the id.
    pub(super) place: String,
    pub(super) title: String,
    pub(super) time_zone: String,
    pub(super) role: String,
    pub(super) active: Flag,
    pub(super) picture: Option<String>,
    /// The id of the picture's document.
    pub(super) picture_document: Option<String>,
    #[serde(with = "number")]
    pub(super) version: u64,
    #[serde(with = "number")]
    pub(super) created_at: i64,
    /// Nobody was told about this version yet.
    pub(super) to_announce: Flag,
    /// They were deactivated, and sessions of theirs may still be running.
    pub(super) to_sign_out: Flag,
    /// They came when there was no administrator, and may become the first.
    pub(super) is_candidate: Flag,
    #[serde(default)]
    pub(super) notes: Attached<NoteAttachment>,
    #[serde(with = "number")]
    pub(super) unsettled: i64,
}

/// Where the directory has somebody.
pub(super) fn place(name_key: &str, id: &str) -> String {
    format!("{name_key}{PLACE_SEPARATOR}{id}")
}

impl TryFrom<PersonDocument> for Person {
    type Error = StoreError;

    fn try_from(stored: PersonDocument) -> Result<Self, StoreError> {
        Ok(Self {
            id: user_id(&stored.id)?,
            email: email(&stored.email)?,
            role: role_of(&stored.role)?,
            name: stored.name,
            title: stored.title,
            time_zone: stored.time_zone,
            active: stored.active == YES,
            picture: stored.picture,
            version: stored.version,
            created_at: stored.created_at,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct SessionDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) user: String,
    pub(super) code_request: String,
    pub(super) device_name: String,
    pub(super) device_system: String,
    #[serde(with = "number")]
    pub(super) generation: u32,
    pub(super) refresh_hash: String,
    #[serde(with = "number")]
    pub(super) created_at: i64,
    #[serde(with = "number")]
    pub(super) used_at: i64,
    pub(super) address: String,
    pub(super) is_running: Flag,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended_why: Option<String>,
    /// It has ended, and nobody was told yet.
    pub(super) to_announce: Flag,
    pub(super) notes: Attached<NoteAttachment>,
    #[serde(with = "number")]
    pub(super) unsettled: i64,
}

impl SessionDocument {
    pub(super) fn of(session: &Session, notes: Attached<NoteAttachment>) -> Self {
        Self {
            id: session.id.as_str().to_owned(),
            user: session.user.as_str().to_owned(),
            code_request: session.code_request.clone(),
            device_name: session.device.name.clone(),
            device_system: session.device.system.clone(),
            generation: session.refresh.generation,
            refresh_hash: hex::encode(session.refresh.hash),
            created_at: session.created_at,
            used_at: session.seen.at,
            address: session.seen.address.clone(),
            is_running: YES,
            ended_at: None,
            ended_why: None,
            to_announce: NO,
            unsettled: count(notes.len()),
            notes,
        }
    }
}

impl TryFrom<SessionDocument> for Session {
    type Error = StoreError;

    fn try_from(stored: SessionDocument) -> Result<Self, StoreError> {
        let ended = match (stored.ended_at, stored.ended_why) {
            (Some(at), Some(why)) => Some(Ended {
                at,
                why: reason_of(&why).ok_or_else(|| unreadable("end of a session"))?,
            }),
            _ => None,
        };
        Ok(Self {
            id: session_id(&stored.id)?,
            user: user_id(&stored.user)?,
            code_request: stored.code_request,
            device: Device {
                name: stored.device_name,
                system: stored.device_system,
            },
            refresh: RefreshState {
                generation: stored.generation,
                hash: hash(&stored.refresh_hash)?,
            },
            created_at: stored.created_at,
            seen: Seen {
                at: stored.used_at,
                address: stored.address,
            },
            ended,
        })
    }
}

/// One address has one open invitation: a newer one takes the document of the older one over.
#[derive(Serialize, Deserialize)]
pub(super) struct InvitationDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    /// The id of the invitation that the document holds now.
    pub(super) invitation: String,
    pub(super) email: String,
    pub(super) email_key: String,
    /// The address's key while it is open, and its own id afterwards: unique.
    pub(super) open_of: String,
    pub(super) state: String,
    pub(super) role: String,
    pub(super) code_hash: String,
    pub(super) invited_by: String,
    #[serde(with = "number")]
    pub(super) invited_at: i64,
    #[serde(with = "number")]
    pub(super) expires_at: i64,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    pub(super) accepted_at: Option<i64>,
    pub(super) notes: Attached<NoteAttachment>,
    pub(super) mails: Attached<MailAttachment>,
    #[serde(with = "number")]
    pub(super) unsettled: i64,
}

pub(super) const OPEN: &str = "open";
pub(super) const ACCEPTED: &str = "accepted";
/// To be removed as soon as its notes are copied.
pub(super) const WITHDRAWN: &str = "withdrawn";

impl InvitationDocument {
    pub(super) fn of(
        new: &Invitation,
        code: &CodeHash,
        notes: Attached<NoteAttachment>,
        mails: Attached<MailAttachment>,
    ) -> Self {
        Self {
            id: new.id.clone(),
            invitation: new.id.clone(),
            email: new.email.as_str().to_owned(),
            email_key: new.email.key(),
            open_of: new.email.key(),
            state: OPEN.to_owned(),
            role: role_text(new.role).to_owned(),
            code_hash: hex::encode(code),
            invited_by: new.invited_by.as_str().to_owned(),
            invited_at: new.invited_at,
            expires_at: new.expires_at,
            accepted_at: None,
            unsettled: count(notes.len() + mails.len()),
            notes,
            mails,
        }
    }
}

impl TryFrom<InvitationDocument> for Invitation {
    type Error = StoreError;

    fn try_from(stored: InvitationDocument) -> Result<Self, StoreError> {
        Ok(Self {
            id: stored.invitation,
            email: email(&stored.email)?,
            role: role_of(&stored.role)?,
            invited_by: user_id(&stored.invited_by)?,
            invited_at: stored.invited_at,
            expires_at: stored.expires_at,
            accepted_at: stored.accepted_at,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct WorkspaceDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) name: String,
    pub(super) sign_in_domains: Vec<String>,
    pub(super) channel_creation: String,
    #[serde(with = "number")]
    pub(super) version: u64,
    pub(super) notes: Attached<NoteAttachment>,
    #[serde(with = "number")]
    pub(super) unsettled: i64,
}

impl TryFrom<WorkspaceDocument> for Setup {
    type Error = StoreError;

    fn try_from(stored: WorkspaceDocument) -> Result<Self, StoreError> {
        let channel_creation: Option<ChannelCreation> = creation_of(&stored.channel_creation);
        Ok(Self {
            name: stored.name,
            sign_in_domains: stored.sign_in_domains,
            channel_creation: channel_creation.ok_or_else(|| unreadable("setting of who makes channels"))?,
            version: stored.version,
        })
    }
}

pub(super) fn binary(bytes: &[u8]) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes: bytes.to_vec(),
    }
}

fn hash(hex: &str) -> Result<[u8; 32], StoreError> {
    let mut hash = [0; 32];
    hex::decode_to_slice(hex, &mut hash).map_err(|_| unreadable("hash"))?;
    Ok(hash)
}

pub(super) fn user_id(text: &str) -> Result<UserId, StoreError> {
    UserId::parse(text).map_err(|_| unreadable("person's id"))
}

pub(super) fn session_id(text: &str) -> Result<SessionId, StoreError> {
    SessionId::parse(text).map_err(|_| unreadable("session's id"))
}

pub(super) fn email(text: &str) -> Result<Email, StoreError> {
    Email::parse(text).map_err(|_| unreadable("address"))
}

fn role_of(text: &str) -> Result<Role, StoreError> {
    crate::people::role_of(text).ok_or_else(|| unreadable("role"))
}

/// A version as it stands in queries and changes.
pub(super) fn stored_version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

pub(super) fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// A yes or no, which is stored as a number: not every server gives a changed boolean back as one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

pub(super) const YES: Flag = Flag(true);
pub(super) const NO: Flag = Flag(false);

impl From<Flag> for Bson {
    fn from(Flag(flag): Flag) -> Self {
        Self::Int64(i64::from(flag))
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number::serialize(&i64::from(self.0), serializer)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number: i64 = number::deserialize(deserializer)?;
        Ok(Self(number != 0))
    }
}
