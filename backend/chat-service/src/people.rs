//! Who exists, as far as user-service has told.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use event_bus::{Bus, Delivery};
use protocol::event::{PERSON_CHANGED, PersonChanged};
use protocol::frame::ServerFrame;
use protocol::{ErrorCode, UserId};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::chat::Chat;
use crate::refusal::Refusal;

/// People that are remembered as known, to spare the store a question at every request.
const REMEMBERED: usize = 50_000;
/// When an event is tried again that could not be stored.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// How long somebody who has just signed in for the first time may still be on the way into the copy.
const ON_THE_WAY: Duration = Duration::from_secs(1);

/// People who are certainly in the copy, and news of those who come into it.
#[derive(Debug, Default)]
pub struct Known {
    certainly: Mutex<HashSet<UserId>>,
    arrived: Notify,
}

impl Known {
    fn has(&self, person: &UserId) -> bool {
        self.certainly
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(person)
    }

    fn remember(&self, person: UserId) {
        let mut known = self.certainly.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(person);
    }
}

/// A valid token proves that its bearer exists, even before the event about them arrived: that is version 0.
pub async fn note_caller(chat: &Chat, caller: &UserId) -> Result<(), Refusal> {
    if chat.known.has(caller) {
        return Ok(());
    }
    let person = PersonChanged {
        id: caller.clone(),
        name: String::new(),
        active: true,
        version: 0,
    };
    if chat.store.person(caller).await?.is_none() {
        chat.store.put_person(person).await?;
        chat.known.arrived.notify_waiters();
    }
    chat.known.remember(caller.clone());
    Ok(())
}

/// Refuses people who do not exist or were deactivated.
pub async fn require_known<'a>(chat: &Chat, people: impl IntoIterator<Item = &'a UserId>) -> Result<(), Refusal> {
    for id in people {
        if !is_active(chat, id).await? {
            return Err(Refusal::new(ErrorCode::UnknownPerson, format!("Nobody here is {id}.")));
        }
    }
    Ok(())
}

/// Whether this person is here and active; waits a moment for the event about a newcomer.
async fn is_active(chat: &Chat, id: &UserId) -> Result<bool, Refusal> {
    let deadline = Instant::now() + ON_THE_WAY;
    loop {
        // Listening begins before looking, or an arrival in between would be missed.
        let mut arrival = std::pin::pin!(chat.known.arrived.notified());
        arrival.as_mut().enable();
        if let Some(person) = chat.store.person(id).await? {
            return Ok(person.active);
        }
        if timeout_at(deadline, arrival).await.is_err() {
            return Ok(false);
        }
    }
}

/// Takes a change into the copy and tells everyone who is connected, unless a later one was seen already.
pub async fn change(chat: &Chat, person: PersonChanged) -> Result<(), Refusal> {
    if chat.store.put_person(person.clone()).await? {
        chat.known.arrived.notify_waiters();
        chat.sockets.person_changed(&ServerFrame::Person {
            id: person.id,
            name: person.name,
            active: person.active,
            version: person.version,
        });
    }
    Ok(())
}

/// Follows user-service's events until the process stops.
pub async fn follow(chat: Arc<Chat>, bus: Bus) -> anyhow::Result<()> {
    let mut consumer = bus.consume(PERSON_CHANGED).await;
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            delivery = consumer.next() => settle(&chat, delivery).await,
        }
    }
}

async fn settle(chat: &Chat, delivery: Delivery) {
    let event_id = delivery.event_id.clone();
    let settled = match serde_json::from_slice::<PersonChanged>(&delivery.payload) {
        Ok(person) => match change(chat, person).await {
            Ok(()) => delivery.done().await,
            Err(refusal) => {
                tracing::warn!(%refusal, event_id, "cannot keep a changed person; trying again");
                let wait_ms = i64::try_from(TRY_AGAIN.as_millis()).unwrap_or(i64::MAX);
                delivery.retry_at(chat.clock.now().saturating_add(wait_ms)).await
            }
        },
        Err(fault) => {
            tracing::error!(%fault, event_id, "an event about a person cannot be read");
            delivery.dead("not a person-changed event").await
        }
    };
    if let Err(fault) = settled {
        // It is delivered again, and keeping a version twice changes nothing.
        tracing::warn!(%fault, event_id, "cannot settle an event");
    }
}
