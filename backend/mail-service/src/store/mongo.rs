//! The ledger in MongoDB, which several mail-services share: one document for each mail, changed only from what it was.

use async_trait::async_trait;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use protocol::UnixMs;
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;
use service_kit::store::mongo::{Index, Mongo, number};

use super::{Claim, Ledger, Marked};

const MAILS: &str = "mails";
/// For forgetting what is old.
pub(crate) const INDEXES: &[Index] = &[Index {
    collection: MAILS,
    keys: &["at"],
    unique: false,
}];
/// How often a mail is looked at again that others change at the same time.
const LOOKS: u32 = 5;
/// When to come back after others were faster every time.
const AFTER_LOOKS_MS: i64 = 1_000;

pub(crate) struct MongoLedger {
    mongo: Mongo,
}

/// A mail as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct MailDocument {
    #[serde(rename = "_id")]
    event_id: String,
    state: State,
    /// The try that is at it; without one nobody is sending it.
    claim: Option<String>,
    #[serde(with = "number")]
    until: UnixMs,
    #[serde(with = "number")]
    at: UnixMs,
}

/// Words, because not every server gives a truth value back as one once it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Sending,
    Sent,
}

const SENDING: &str = "sending";
const SENT: &str = "sent";

impl MongoLedger {
    pub(crate) fn new(mongo: Mongo) -> Self {
        Self { mongo }
    }

    async fn mails(&self) -> Result<Collection<MailDocument>, StoreError> {
        self.mongo.collection(MAILS).await
    }

    async fn change(&self, which: Document, set: Document) -> Result<bool, StoreError> {
        let mails = self.mails().await?;
        let changed = self.mongo.write(mails.update_one(which, doc! { "$set": set })).await?;
        Ok(changed.matched_count > 0)
    }

    /// One look, and a change of what was seen; none when somebody else changed it in between.
    async fn try_to_mark(&self, claim: &Claim) -> Result<Option<Marked>, StoreError> {
        let mails = self.mails().await?;
        let Some(known) = self.mongo.read(mails.find_one(doc! { "_id": &claim.event_id })).await? else {
            let first = MailDocument {
                event_id: claim.event_id.clone(),
                state: State::Sending,
                claim: Some(claim.by.clone()),
                until: claim.until,
                at: claim.now,
            };
            return match self.mongo.write(mails.insert_one(first)).await {
                Ok(_) => Ok(Some(Marked::Sending)),
                Err(StoreError::Duplicate) => Ok(None),
                Err(fault) => Err(fault),
            };
        };
        let marked = match &known.claim {
            _ if known.state == State::Sent => return Ok(Some(Marked::AlreadySent)),
            None => Marked::SendingAgain,
            Some(by) if *by == claim.by => return Ok(Some(Marked::Sending)),
            Some(_) if known.until > claim.now => return Ok(Some(Marked::Busy { until: known.until })),
            Some(_) => Marked::SendingAfterCrash,
        };
        let as_it_was =
            doc! { "_id": &claim.event_id, "state": SENDING, "claim": known.claim.map_or(Bson::Null, Bson::String) };
        let ours = doc! { "claim": &claim.by, "until": claim.until, "at": claim.now };
        let changed = self.change(as_it_was, ours).await?;
        Ok(changed.then_some(marked))
    }
}

#[async_trait]
impl Ledger for MongoLedger {
    async fn mark_sending(&self, claim: &Claim) -> Result<Marked, StoreError> {
        for _ in 0..LOOKS {
            if let Some(marked) = self.try_to_mark(claim).await? {
                return Ok(marked);
            }
        }
        Ok(Marked::Busy {
            until: claim.now + AFTER_LOOKS_MS,
        })
    }

    async fn mark_sent(&self, event_id: &str, now: UnixMs) -> Result<(), StoreError> {
        let sent = doc! { "state": SENT, "claim": Bson::Null, "at": now };
        self.change(doc! { "_id": event_id }, sent).await.map(drop)
    }

    async fn mark_failed(&self, claim: &Claim) -> Result<(), StoreError> {
        let ours = doc! { "_id": &claim.event_id, "state": SENDING, "claim": &claim.by };
        self.change(ours, doc! { "claim": Bson::Null }).await.map(drop)
    }

    async fn forget_before(&self, at: UnixMs) -> Result<(), StoreError> {
        let mails = self.mails().await?;
        let old = mails.delete_many(doc! { "at": { "$lt": at } });
        self.mongo.write(old).await.map(drop)
    }
}
