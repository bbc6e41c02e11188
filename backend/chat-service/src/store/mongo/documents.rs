//! The documents about conversations, and between them and the words of the rules.

use protocol::timeline::{ConversationFold, Deletion, MessageEdit, MessageFold, Written};
use protocol::{ConversationKind, Entry, ReadMark, UnixMs, UserId, Visibility};
use serde::{Deserialize, Serialize};
use service_kit::store::mongo::{flag, number};

use super::entries::EntryDocument;
use super::{id, ids, key, unreadable};
use crate::store::{Record, StoreError, Tail, name_key};

/// What never changes of a conversation, what entries fold into, and for a moment how it is to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ConversationDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) visibility: String,
    pub(super) created_by: String,
    #[serde(with = "number")]
    pub(super) created_at: UnixMs,
    pub(super) epoch: String,
    pub(super) first_name: Option<String>,
    pub(super) name: Option<String>,
    pub(super) name_key: Option<String>,
    #[serde(with = "number")]
    pub(super) name_seq: u64,
    pub(super) topic: String,
    #[serde(with = "number")]
    pub(super) topic_seq: u64,
    #[serde(with = "flag")]
    pub(super) archived: bool,
    #[serde(with = "number")]
    pub(super) archived_seq: u64,
    /// Everyone in a direct or group conversation, whose members never change; nobody for a channel.
    pub(super) people: Vec<String>,
    /// How many are members, as counted when `counts` was written.
    #[serde(with = "number")]
    pub(super) member_count: u32,
    /// How often they were counted.
    #[serde(with = "number")]
    pub(super) counts: u64,
    #[serde(with = "number")]
    pub(super) folded: u64,
    /// Whether anybody may see it.
    #[serde(with = "flag")]
    pub(super) made: bool,
    /// What else has to be stored before anybody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) making: Option<Making>,
}

/// The rest of a conversation that is being made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Making {
    pub(super) members: Vec<MemberDocument>,
    pub(super) opening: Vec<EntryDocument>,
}

/// One person in one conversation. Who left stays, guarded by the seq that wrote it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MemberDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) conversation: String,
    pub(super) person: String,
    #[serde(with = "flag")]
    pub(super) member: bool,
    #[serde(with = "number")]
    pub(super) seq: u64,
}

/// A name that a channel has claimed, under its case-folded form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct NameDocument {
    #[serde(rename = "_id")]
    pub(super) name_key: String,
    pub(super) conversation: String,
}

/// How far a person has read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MarkDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) person: String,
    pub(super) conversation: String,
    #[serde(with = "number")]
    pub(super) generation: u32,
    #[serde(with = "number")]
    pub(super) ordinal: u64,
    /// The highest ordinal ever, in whatever generation.
    #[serde(with = "number")]
    pub(super) furthest: u64,
}

/// What became of one message, changed only by whoever knows its `version`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MessageFoldDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    #[serde(with = "number")]
    pub(super) seq: u64,
    #[serde(with = "number")]
    pub(super) version: u64,
    /// The conversation while the message is pinned to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pinned_in: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edit: Option<EditPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<DeletionPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pin: Option<SwitchPart>,
    #[serde(default)]
    reactions: Vec<ReactionPart>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct EditPart {
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "number")]
    at: UnixMs,
    body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    here: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct DeletionPart {
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "number")]
    at: UnixMs,
    by: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct SwitchPart {
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "flag")]
    on: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ReactionPart {
    emoji: String,
    person: String,
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "flag")]
    on: bool,
}

impl ConversationDocument {
    /// A conversation that is still to be made.
    pub(super) fn to_be_made(record: &Record, opening: &[Entry]) -> Result<Self, StoreError> {
        let fold = &record.fold;
        let opening: Result<Vec<EntryDocument>, StoreError> = opening.iter().map(EntryDocument::of).collect();
        let members = fold.members.iter();
        let members: Vec<MemberDocument> = members
            .map(|(person, held)| MemberDocument::of(record.id.as_str(), person, held))
            .collect();
        let people = match record.kind {
            ConversationKind::Channel => Vec::new(),
            ConversationKind::Direct | ConversationKind::Group => {
                fold.current_members().map(ToString::to_string).collect()
            }
        };
        Ok(Self {
            id: record.id.to_string(),
            kind: kind_text(record.kind).to_owned(),
            visibility: visibility_text(record.visibility).to_owned(),
            created_by: record.created_by.to_string(),
            created_at: record.created_at,
            epoch: record.epoch.clone(),
            first_name: record.first_name.clone(),
            name: fold.name.as_ref().map(|name| name.value.clone()),
            name_key: fold.name.as_ref().map(|name| name_key(&name.value)),
            name_seq: fold.name.as_ref().map_or(0, |name| name.seq),
            topic: fold.topic.as_ref().map(|topic| topic.value.clone()).unwrap_or_default(),
            topic_seq: fold.topic.as_ref().map_or(0, |topic| topic.seq),
            archived: fold.is_archived(),
            archived_seq: fold.archived.as_ref().map_or(0, |archived| archived.seq),
            people,
            member_count: u32::try_from(fold.current_members().count()).unwrap_or(u32::MAX),
            counts: 0,
            folded: record.folded,
            made: false,
            making: Some(Making {
                members,
                opening: opening?,
            }),
        })
    }

    pub(super) fn kind(&self) -> Result<ConversationKind, StoreError> {
        match self.kind.as_str() {
            "direct" => Ok(ConversationKind::Direct),
            "group" => Ok(ConversationKind::Group),
            "channel" => Ok(ConversationKind::Channel),
            _ => Err(unreadable("the kind of a conversation")),
        }
    }

    pub(super) fn visibility(&self) -> Result<Visibility, StoreError> {
        match self.visibility.as_str() {
            "public" => Ok(Visibility::Public),
            "private" => Ok(Visibility::Private),
            _ => Err(unreadable("the visibility of a conversation")),
        }
    }

    /// The record without its members, and with an empty log.
    pub(super) fn record(&self) -> Result<Record, StoreError> {
        let written = |seq: u64| (seq > 0).then_some(seq);
        let fold = ConversationFold {
            name: self.name.clone().map(|value| Written {
                value,
                seq: self.name_seq,
            }),
            topic: written(self.topic_seq).map(|seq| Written {
                value: self.topic.clone(),
                seq,
            }),
            archived: written(self.archived_seq).map(|seq| Written {
                value: self.archived,
                seq,
            }),
            ..ConversationFold::default()
        };
        Ok(Record {
            id: id(self.id.clone())?,
            kind: self.kind()?,
            visibility: self.visibility()?,
            created_by: id(self.created_by.clone())?,
            created_at: self.created_at,
            epoch: self.epoch.clone(),
            first_name: self.first_name.clone(),
            fold,
            folded: self.folded,
            tail: Tail {
                at: self.created_at,
                ..Tail::default()
            },
        })
    }
}

impl MemberDocument {
    pub(super) fn of(conversation: &str, person: &UserId, held: &Written<bool>) -> Self {
        Self {
            id: key(conversation, person.as_str()),
            conversation: conversation.to_owned(),
            person: person.to_string(),
            member: held.value,
            seq: held.seq,
        }
    }

    pub(super) fn held(self) -> Result<(UserId, Written<bool>), StoreError> {
        let held = Written {
            value: self.member,
            seq: self.seq,
        };
        Ok((id(self.person)?, held))
    }
}

impl MarkDocument {
    pub(super) fn mark(&self) -> ReadMark {
        ReadMark {
            generation: self.generation,
            ordinal: self.ordinal,
        }
    }
}

impl MessageFoldDocument {
    /// What became of the message at `seq` of a conversation.
    pub(super) fn of(conversation: &str, (id, seq): (&str, u64), fold: MessageFold, version: u64) -> Self {
        let pinned_in = fold.is_pinned().then(|| conversation.to_owned());
        let reactions = fold.reactions.into_iter();
        Self {
            id: id.to_owned(),
            seq,
            version,
            pinned_in,
            edit: fold.edit.map(|edit| EditPart {
                seq: edit.seq,
                at: edit.at,
                body: edit.body,
                here: edit.here.into_iter().map(String::from).collect(),
            }),
            deleted: fold.deleted.map(|deleted| DeletionPart {
                seq: deleted.seq,
                at: deleted.at,
                by: deleted.by.into(),
            }),
            pin: fold.pinned.map(|pin| SwitchPart {
                seq: pin.seq,
                on: pin.value,
            }),
            reactions: reactions
                .map(|((emoji, person), held)| ReactionPart {
                    emoji,
                    person: person.into(),
                    seq: held.seq,
                    on: held.value,
                })
                .collect(),
        }
    }

    pub(super) fn fold(self) -> Result<MessageFold, StoreError> {
        let deleted = self.deleted.map(|part| {
            Ok::<_, StoreError>(Deletion {
                by: id(part.by)?,
                at: part.at,
                seq: part.seq,
            })
        });
        let edit = self.edit.map(|part| {
            Ok::<_, StoreError>(MessageEdit {
                body: part.body,
                at: part.at,
                seq: part.seq,
                here: ids(&part.here)?,
            })
        });
        let mut fold = MessageFold {
            edit: edit.transpose()?,
            deleted: deleted.transpose()?,
            pinned: self.pin.map(|part| Written {
                value: part.on,
                seq: part.seq,
            }),
            ..MessageFold::default()
        };
        for part in self.reactions {
            let held = Written {
                value: part.on,
                seq: part.seq,
            };
            fold.reactions.insert((part.emoji, id(part.person)?), held);
        }
        Ok(fold)
    }
}

fn kind_text(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::Direct => "direct",
        ConversationKind::Group => "group",
        ConversationKind::Channel => "channel",
    }
}

fn visibility_text(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    }
}
