//! Invitations as documents.
//!
//! An open one stands under its address in `open_of`, which is unique. So a newer one takes the document of the older
//! over in one change, and of two that come at once the later one stands.

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use protocol::{Email, UnixMs};
use service_kit::store::StoreError;

use super::MongoStore;
use super::documents::{ACCEPTED, INVITATIONS, InvitationDocument, OPEN, WITHDRAWN, count};
use super::unsettled::{attach, with_notes};
use crate::audit::Note;
use crate::invitations::{CodeHash, Invitation};
use crate::outbox::KeptEvent;
use crate::store::InvitationStore;

/// How often somebody else may open or end an invitation of the same address between our looking and our change.
const TRIES: u32 = 20;

#[async_trait]
impl InvitationStore for MongoStore {
    async fn add_invitation(
        &self,
        new: &Invitation,
        code: CodeHash,
        note: &Note,
        mail: &KeptEvent,
    ) -> Result<(), StoreError> {
        let notes = self.attached(std::slice::from_ref(note));
        let mails = self.attached_mail(mail);
        let mut set = taken_over(new, &code);
        attach(&mut set, "notes", &notes)?;
        attach(&mut set, "mails", &mails)?;
        let taking_over = doc! { "$set": set, "$inc": { "unsettled": count(notes.len() + mails.len()) } };
        for _ in 0..TRIES {
            let older = doc! { "open_of": new.email.key() };
            if self.update(INVITATIONS, older, taking_over.clone()).await? {
                self.wake_settling();
                return Ok(());
            }
            let document = InvitationDocument::of(new, &code, notes.clone(), mails.clone());
            if self.insert_if_new(INVITATIONS, &document).await? {
                self.wake_settling();
                return Ok(());
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn invitation(&self, id: &str) -> Result<Option<Invitation>, StoreError> {
        let listed = doc! { "invitation": id, "state": { "$in": [OPEN, ACCEPTED] } };
        self.invitation_that(listed).await
    }

    async fn invitations(&self, most: u32) -> Result<Vec<Invitation>, StoreError> {
        let invitations = self.collection::<InvitationDocument>(INVITATIONS).await?;
        let query = invitations.find(doc! { "state": { "$in": [OPEN, ACCEPTED] } });
        let newest_first = doc! { "invited_at": -1, "invitation": -1 };
        let listed = self.all(query.sort(newest_first).limit(i64::from(most))).await?;
        listed.into_iter().map(Invitation::try_from).collect()
    }

    async fn withdraw_invitation(&self, id: &str, note: &Note) -> Result<bool, StoreError> {
        let open = doc! { "invitation": id, "state": OPEN };
        // Its note is copied first, and only then is it gone.
        let change = doc! { "state": WITHDRAWN, "open_of": id };
        let change = with_notes(change, &self.attached(std::slice::from_ref(note)))?;
        let withdrawn = self.update(INVITATIONS, open, change).await?;
        self.wake_settling();
        Ok(withdrawn)
    }

    async fn accept_invitation(&self, code: &CodeHash, at: UnixMs) -> Result<Option<Invitation>, StoreError> {
        let of_code = doc! { "code_hash": hex::encode(code) };
        match self.invitation_that(of_code).await? {
            Some(found) => self.accept(&found, at).await,
            None => Ok(None),
        }
    }

    async fn accept_invitation_of(&self, email: &Email, at: UnixMs) -> Result<Option<Invitation>, StoreError> {
        if let Some(open) = self.invitation_that(doc! { "open_of": email.key() }).await? {
            // Whether we accept it, or somebody else does at the same time: it is found below.
            self.accept(&open, at).await?;
        }
        let invitations = self.collection::<InvitationDocument>(INVITATIONS).await?;
        let accepted = doc! { "email_key": email.key(), "state": ACCEPTED, "expires_at": { "$gt": at } };
        let query = invitations.find(accepted).sort(doc! { "accepted_at": -1 }).limit(1);
        let newest = self.all(query).await?.into_iter().next();
        newest.map(Invitation::try_from).transpose()
    }

    async fn is_invited(&self, email: &Email, at: UnixMs) -> Result<bool, StoreError> {
        let good = doc! {
            "email_key": email.key(),
            "state": { "$in": [OPEN, ACCEPTED] },
            "expires_at": { "$gt": at },
        };
        Ok(self.invitation_that(good).await?.is_some())
    }

    async fn forget_invitations_before(&self, before: UnixMs) -> Result<(), StoreError> {
        // What a document still has to be copied must not go with it.
        self.settle().await?;
        let old = doc! { "expires_at": { "$lt": before }, "unsettled": 0 };
        self.remove(INVITATIONS, old).await
    }
}

impl MongoStore {
    async fn invitation_that(&self, fits: Document) -> Result<Option<Invitation>, StoreError> {
        let stored: Option<InvitationDocument> = self.find_one(INVITATIONS, fits).await?;
        stored.map(Invitation::try_from).transpose()
    }

    /// Accepts this invitation, unless somebody else was faster, or a newer one has taken its place.
    async fn accept(&self, found: &Invitation, at: UnixMs) -> Result<Option<Invitation>, StoreError> {
        let good = doc! { "invitation": &found.id, "state": OPEN, "expires_at": { "$gt": at } };
        let change = doc! { "$set": { "state": ACCEPTED, "accepted_at": at, "open_of": &found.id } };
        let accepted = self.update(INVITATIONS, good, change).await?;
        Ok(accepted.then(|| Invitation {
            accepted_at: Some(at),
            ..found.clone()
        }))
    }
}

/// What a newer invitation changes of the older one's document.
fn taken_over(new: &Invitation, code: &CodeHash) -> Document {
    doc! {
        "invitation": &new.id,
        "email": new.email.as_str(),
        "role": crate::people::role_text(new.role),
        "code_hash": hex::encode(code),
        "invited_by": new.invited_by.as_str(),
        "invited_at": new.invited_at,
        "expires_at": new.expires_at,
    }
}
