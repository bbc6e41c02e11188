//! What was stored with a change and belongs elsewhere: notes for the audit log, mails of invitations.
//!
//! It lies in the changed document, so it is stored with the change or not at all. From there it is copied under an id
//! of its own, and only then taken out: however often and wherever that is cut off and done again, there is one copy.
//! Whoever reads the audit log or the outbox has it copied first, so nobody sees a change without its note.

use std::collections::BTreeMap;

use mongodb::bson::{Document, doc, serialize_to_bson};
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;

use super::MongoStore;
use super::audit::NoteFields;
use super::documents::{INVITATIONS, PEOPLE, SESSIONS, WITHDRAWN, WORKSPACE, count};
use super::outbox::EventDocument;
use crate::audit::Note;
use crate::outbox::KeptEvent;

/// Documents that are settled between two looks.
const AT_ONCE: i64 = 100;
/// Which documents may have something to be copied.
const WITH_NOTES: [&str; 4] = [PEOPLE, SESSIONS, INVITATIONS, WORKSPACE];

/// What waits in a document, by its id.
pub(super) type Attached<T> = BTreeMap<String, T>;

/// A note that waits to be copied into the audit log.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct NoteAttachment {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) note: NoteFields,
}

/// A mail that waits to be copied into the outbox.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct MailAttachment {
    id: String,
    event: EventDocument,
}

/// The part of a document that says what is to be copied.
#[derive(Deserialize)]
struct Unsettled {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    notes: Attached<NoteAttachment>,
    #[serde(default)]
    mails: Attached<MailAttachment>,
}

/// Something that was copied, and where it has to be taken out.
struct Copied {
    collection: &'static str,
    document: String,
    list: &'static str,
    id: String,
}

impl MongoStore {
    /// Notes as they are stored with a change.
    pub(super) fn attached(&self, notes: &[Note]) -> Attached<NoteAttachment> {
        let attached = notes.iter().map(|note| NoteAttachment {
            id: self.attachment_id(note.at),
            note: NoteFields::of(note),
        });
        attached.map(|note| (note.id.clone(), note)).collect()
    }

    /// A mail as it is stored with a change.
    pub(super) fn attached_mail(&self, event: &KeptEvent) -> Attached<MailAttachment> {
        let mail = MailAttachment {
            id: self.attachment_id(event.kept_at),
            event: EventDocument::of(event),
        };
        Attached::from([(mail.id.clone(), mail)])
    }

    /// Something waits to be copied.
    pub(super) fn wake_settling(&self) {
        self.settling.bell.notify_one();
    }

    /// Copies all that waits to where it belongs.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        let _turn = self.settling.turn.lock().await;
        loop {
            let mut found_all = true;
            let (mut notes, mut copied) = (Vec::new(), Vec::new());
            for collection in WITH_NOTES {
                let unsettled = self.unsettled_of(collection).await?;
                found_all &= count(unsettled.len()) < AT_ONCE;
                for document in unsettled {
                    self.copy_mails(collection, &document, &mut copied).await?;
                    for note in document.notes.into_values() {
                        copied.push(taken_from(collection, &document.id, "notes", &note.id));
                        notes.push(note);
                    }
                }
            }
            notes.sort_by(|one, other| one.id.cmp(&other.id));
            self.copy_notes(notes).await?;
            for copied in copied {
                self.take_out(&copied).await?;
            }
            if found_all {
                break;
            }
        }
        let gone = doc! { "state": WITHDRAWN, "unsettled": 0 };
        self.remove(INVITATIONS, gone).await
    }

    async fn unsettled_of(&self, name: &str) -> Result<Vec<Unsettled>, StoreError> {
        let collection = self.collection::<Unsettled>(name).await?;
        let fields = doc! { "notes": 1, "mails": 1 };
        let query = collection.find(doc! { "unsettled": { "$gt": 0 } });
        self.all(query.projection(fields).limit(AT_ONCE)).await
    }

    async fn copy_mails(
        &self,
        collection: &'static str,
        document: &Unsettled,
        copied: &mut Vec<Copied>,
    ) -> Result<(), StoreError> {
        for mail in document.mails.values() {
            self.keep_event(&mail.event).await?;
            copied.push(taken_from(collection, &document.id, "mails", &mail.id));
        }
        Ok(())
    }

    /// Takes out what was copied. Somebody else may have been faster, which the condition sees.
    async fn take_out(&self, copied: &Copied) -> Result<(), StoreError> {
        let Copied { list, id, .. } = copied;
        let mut still_there = doc! { "_id": &copied.document };
        still_there.insert(format!("{list}.{id}.id"), id);
        let mut item = Document::new();
        item.insert(format!("{list}.{id}"), "");
        let change = doc! { "$unset": item, "$inc": { "unsettled": -1_i64 } };
        self.update(copied.collection, still_there, change).await.map(drop)
    }
}

fn taken_from(collection: &'static str, document: &str, list: &'static str, id: &str) -> Copied {
    Copied {
        collection,
        document: document.to_owned(),
        list,
        id: id.to_owned(),
    }
}

/// The change of a document, with the notes of it.
pub(super) fn with_notes(mut set: Document, notes: &Attached<NoteAttachment>) -> Result<Document, StoreError> {
    attach(&mut set, "notes", notes)?;
    Ok(doc! { "$set": set, "$inc": { "unsettled": count(notes.len()) } })
}

/// Adds attachments to what is set by a change, each as a field of its own: what others attach stays.
pub(super) fn attach<T: Serialize>(set: &mut Document, list: &str, items: &Attached<T>) -> Result<(), StoreError> {
    for (id, item) in items {
        let written = serialize_to_bson(item);
        let written = written.map_err(|fault| StoreError::Broken(format!("a note cannot be written: {fault}")))?;
        set.insert(format!("{list}.{id}"), written);
    }
    Ok(())
}
