//! Everybody catches up, and all are compared.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::bail;
use client::view::{Connection, ConversationRow};
use protocol::rest::chat::Conversations;
use protocol::{Conversation, ConversationId, UserId};
use test_kit::fault_proxy::Network;
use tokio::time::Instant;

use super::actions::Actor;
use super::cast::{Cast, Seat};
use super::pages;
use crate::checker::{self, Breach, History, Log, Promise, Shown, Violation};
use crate::device::child::whole_view;

/// How long everybody may take to send and receive what is outstanding.
const SETTLED_WITHIN: Duration = Duration::from_mins(2);
/// How long a device may then take to show it: what was acted on may lie in a page it fetches again.
const SHOWN_WITHIN: Duration = Duration::from_secs(30);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(300);

/// Every difference there is once everybody has caught up.
pub(super) async fn check(cast: &mut Cast, actor: &mut Actor) -> anyhow::Result<Vec<Violation>> {
    for seat in &cast.devices {
        seat.proxy.set(Network::Whole);
        seat.client.reconnect_now().await;
    }
    cast.refresh().await?;
    settle(cast, actor).await?;
    let logs = logs(cast).await?;
    let mut visitors = Vec::new();
    for person in 0..cast.people.len() {
        visitors.push(cast.visitor(person).await?);
    }
    let end = Instant::now() + SHOWN_WITHIN;
    let violations = loop {
        let violations = compare(cast, actor, &visitors, &logs).await?;
        if violations.is_empty() || Instant::now() > end {
            break violations;
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    };
    for visitor in visitors {
        visitor.client.sign_out().await?;
        visitor.client.shut_down().await;
    }
    Ok(violations)
}

/// Waits until every device has sent what it can. What was refused for good is thrown away, as a person would.
async fn settle(cast: &Cast, actor: &mut Actor) -> anyhow::Result<()> {
    let end = Instant::now() + SETTLED_WITHIN;
    loop {
        let mut busy = None;
        for seat in &cast.devices {
            let unsent = discard_refused(seat, actor).await?;
            let connection = seat.client.connection();
            if unsent > 0 || connection != Connection::Online {
                busy = Some(format!("{} is {connection:?} with {unsent} unsent", seat.name));
            }
        }
        match busy {
            None => return Ok(()),
            Some(busy) if Instant::now() > end => bail!("not settled: {busy}"),
            Some(_) => tokio::time::sleep(LOOK_AGAIN_AFTER).await,
        }
    }
}

/// Throws away what was refused, and counts what still waits where it can be seen. What was written where the person
/// is no member any more is kept for their return, so it never goes out.
async fn discard_refused(seat: &Seat, actor: &mut Actor) -> anyhow::Result<usize> {
    let mut waiting = 0;
    for row in seat.client.conversations().await? {
        let pending = seat.client.open_conversation(row.id).await?.pending;
        let (refused, unsent): (Vec<_>, Vec<_>) = pending.into_iter().partition(|pending| pending.failure.is_some());
        waiting += unsent.len();
        for refused in refused {
            let is_it = |client_id: &Option<protocol::ClientId>| {
                client_id.as_ref().is_some_and(|id| id.as_str() == refused.client_id)
            };
            if let Some(deed) = actor.deeds.iter_mut().find(|deed| is_it(&deed.client_id)) {
                deed.promise = Promise::None;
            }
            seat.client.discard_message(refused.client_id).await?;
        }
    }
    Ok(waiting)
}

/// The whole log of every conversation.
async fn logs(cast: &Cast) -> anyhow::Result<Vec<Log>> {
    let mut logs = Vec::new();
    for conversation in cast.conversations.all() {
        logs.push(Log {
            observer: "REST".to_owned(),
            conversation: conversation.clone(),
            entries: cast.rest.log(cast.token(0), conversation).await?,
        });
    }
    Ok(logs)
}

async fn compare(cast: &Cast, actor: &Actor, visitors: &[Seat], logs: &[Log]) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    let mut shown = Vec::new();
    for person in 0..cast.people.len() {
        let said: Conversations = cast
            .rest
            .get("/v1/conversations", Some(cast.token(person)))
            .await?
            .json()?;
        let seats = cast.devices.iter().filter(|seat| seat.person == person);
        for seat in seats.chain(&visitors[person..=person]) {
            let rows = seat.client.conversations().await?;
            found.extend(compare_rows(seat, &rows, &said.conversations));
            for row in rows {
                shown.push(Shown {
                    observer: seat.name.clone(),
                    conversation: row.id.clone(),
                    person: cast.id(person).clone(),
                    items: whole_view(&seat.client, row.id).await?,
                });
            }
        }
        found.extend(compare_unread(cast, person, &visitors[person]).await?);
    }
    found.extend(compare_drafts(cast, actor).await?);
    found.extend(pages::compare(cast, logs).await?);
    found.extend(checker::check(&History {
        deeds: promised(cast, actor),
        logs: logs.to_vec(),
        shown,
        moderators: vec![cast.id(0).clone()],
    }));
    Ok(found)
}

/// What was done, where what waited cannot have gone with a conversation that was left.
fn promised(cast: &Cast, actor: &Actor) -> Vec<checker::Deed> {
    let was_out: BTreeSet<(&UserId, &ConversationId)> = actor
        .interrupted
        .iter()
        .map(|(person, conversation)| (cast.id(*person), conversation))
        .collect();
    let mut deeds = actor.deeds.clone();
    for deed in &mut deeds {
        if was_out.contains(&(&deed.author, &deed.conversation)) {
            deed.promise = Promise::None;
        }
    }
    deeds
}

fn difference(observer: &str, conversation: &ConversationId, detail: String) -> Violation {
    Violation {
        breach: Breach::Misdrawn,
        conversation: conversation.clone(),
        observer: observer.to_owned(),
        detail,
    }
}

/// The list of a device against what the server says of the same conversations.
fn compare_rows(seat: &Seat, rows: &[ConversationRow], said: &[Conversation]) -> Vec<Violation> {
    let mut found = Vec::new();
    for said in said {
        let Some(row) = rows.iter().find(|row| row.id == said.id) else {
            found.push(difference(&seat.name, &said.id, "is not in the list".to_owned()));
            continue;
        };
        let shown = (&row.name, &row.topic, row.archived, row.head, row.ordinal);
        let wanted = (&said.name, &said.topic, said.archived, said.head, said.ordinal);
        if shown != wanted {
            found.push(difference(
                &seat.name,
                &said.id,
                format!("lists {shown:?} instead of {wanted:?}"),
            ));
        }
        if row.read_ordinal != said.read.ordinal.min(said.ordinal) {
            let detail = format!("has read up to {}, the server says {:?}", row.read_ordinal, said.read);
            found.push(difference(&seat.name, &said.id, detail));
        }
    }
    for row in rows {
        if !said.iter().any(|said| said.id == row.id) {
            found.push(difference(
                &seat.name,
                &row.id,
                "is in the list of somebody who has left".to_owned(),
            ));
        }
    }
    found
}

/// All devices of a person, and one that was just signed in, count the same messages and mentions as unread.
async fn compare_unread(cast: &Cast, person: usize, visitor: &Seat) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    let expected = visitor.client.conversations().await?;
    for seat in cast.devices.iter().filter(|seat| seat.person == person) {
        for row in seat.client.conversations().await? {
            let fresh = expected.iter().find(|fresh| fresh.id == row.id);
            let counted = fresh.map(|fresh| (fresh.unread, fresh.mentions, fresh.read_ordinal));
            if counted != Some((row.unread, row.mentions, row.read_ordinal)) {
                let detail = format!(
                    "{} unread and {} mentions after {}, a fresh device says {counted:?}",
                    row.unread, row.mentions, row.read_ordinal
                );
                found.push(difference(&seat.name, &row.id, detail));
            }
        }
    }
    Ok(found)
}

/// What was typed is there, on the device on which it was typed.
async fn compare_drafts(cast: &Cast, actor: &Actor) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    for ((device, conversation), typed) in &actor.drafts {
        let seat = &cast.devices[*device];
        if actor.interrupted.contains(&(seat.person, conversation.clone())) {
            continue;
        }
        let draft = seat.client.open_conversation(conversation.clone()).await?.draft;
        if draft != *typed {
            let detail = format!("keeps the draft {draft:?} instead of {typed:?}");
            found.push(difference(&seat.name, conversation, detail));
        }
    }
    Ok(found)
}
