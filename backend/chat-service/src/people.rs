//! Who exists, and how the workspace is set up, as far as user-service has told.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use event_bus::{Bus, Delivery};
use protocol::event::{PERSON_CHANGED, PersonChanged, WORKSPACE_CHANGED, WorkspaceChanged};
use protocol::rest::identity::ChannelCreation;
use protocol::{ErrorCode, Role, UserId};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::chat::Chat;
use crate::refusal::Refusal;
use crate::store::{ChatStore, StoreError};

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

    /// Somebody may have come into the copy.
    pub(crate) fn news(&self) {
        self.arrived.notify_waiters();
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
        role: Role::Member,
        version: 0,
    };
    if chat.store.person(caller).await?.is_none() {
        chat.store.put_person(person).await?;
        chat.known.news();
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

/// Refuses those who may not make channels in this workspace.
pub async fn require_making_channels(chat: &Chat, person: &UserId) -> Result<(), Refusal> {
    let workspace = chat.store.workspace().await?;
    let who = workspace
        .map(|workspace| workspace.channel_creation)
        .unwrap_or_default();
    if who == ChannelCreation::Everyone || is_administrator(&*chat.store, person).await? {
        return Ok(());
    }
    let detail = "In this workspace administrators make the channels. Ask one of them.";
    Err(Refusal::new(ErrorCode::Forbidden, detail))
}

/// Whether this person is an administrator of the workspace, as far as the copy knows.
pub async fn is_administrator(store: &dyn ChatStore, person: &UserId) -> Result<bool, StoreError> {
    let known = store.person(person).await?;
    Ok(known.is_some_and(|known| known.active && known.role == Role::Administrator))
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
        chat.known.news();
        chat.sockets.person_changed(person);
    }
    Ok(())
}

/// Takes the workspace's settings into the copy, unless later ones were seen already.
pub async fn change_workspace(chat: &Chat, workspace: WorkspaceChanged) -> Result<(), Refusal> {
    chat.store.put_workspace(workspace).await?;
    Ok(())
}

/// Follows user-service's events about people until the process stops.
pub async fn follow(chat: Arc<Chat>, bus: Bus) -> anyhow::Result<()> {
    let mut consumer = bus.consume(PERSON_CHANGED).await;
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            delivery = consumer.next() => settle(&chat, delivery, change).await,
        }
    }
}

/// The same for its events about the workspace.
pub async fn follow_workspace(chat: Arc<Chat>, bus: Bus) -> anyhow::Result<()> {
    let mut consumer = bus.consume(WORKSPACE_CHANGED).await;
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            delivery = consumer.next() => settle(&chat, delivery, change_workspace).await,
        }
    }
}

/// Carries out an event and says so to the broker; one that cannot be kept comes again.
pub(crate) async fn settle<E: DeserializeOwned>(
    chat: &Chat,
    delivery: Delivery,
    take_over: impl AsyncFnOnce(&Chat, E) -> Result<(), Refusal>,
) {
    let event_id = delivery.event_id.clone();
    let settled = match serde_json::from_slice::<E>(&delivery.payload) {
        Ok(event) => match take_over(chat, event).await {
            Ok(()) => delivery.done().await,
            Err(refusal) => {
                tracing::warn!(%refusal, event_id, "cannot keep what an event says; trying again");
                let wait_ms = i64::try_from(TRY_AGAIN.as_millis()).unwrap_or(i64::MAX);
                delivery.retry_at(chat.clock.now().saturating_add(wait_ms)).await
            }
        },
        Err(fault) => {
            tracing::error!(%fault, event_id, "an event of user-service cannot be read");
            delivery.dead("not an event of this queue").await
        }
    };
    if let Err(fault) = settled {
        // It is delivered again, and keeping a version twice changes nothing.
        tracing::warn!(%fault, event_id, "cannot settle an event");
    }
}
