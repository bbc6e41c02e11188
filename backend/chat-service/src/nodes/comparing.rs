//! Looking for what was never heard: by the heads that the documents name, and by the logs themselves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use protocol::{ConversationId, ErrorCode, UserId};

use crate::chat::Chat;
use crate::fanout::feed::Feed;
use crate::store::StoreError;

/// How often heads are compared: as long may the last entry of a conversation be missing whose note was lost.
const COMPARE_EVERY: Duration = Duration::from_secs(5);
/// Conversations in one question.
const ASKED_TOGETHER: usize = 500;
/// Conversations, or people, that are looked into at a time.
const LOOKED_INTO: usize = 8;
/// Between two tries while the database is away, and between two gaps.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Compares from time to time, until the process stops.
pub async fn regularly(chat: Arc<Chat>) -> anyhow::Result<()> {
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            () = tokio::time::sleep(COMPARE_EVERY) => {}
        }
        if let Err(fault) = heads(&chat).await {
            tracing::debug!(%fault, "cannot compare the heads of conversations");
        }
    }
}

/// Everything may have been missed: has heads, memberships and read marks compared.
pub fn after_a_gap(chat: &Chat) {
    chat.gap.notify_one();
}

/// Compares everything after each gap, until the process stops. Once for many gaps in a row, because it asks for every
/// person who is connected here.
pub async fn after_gaps(chat: Arc<Chat>) -> anyhow::Result<()> {
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            () = chat.gap.notified() => {}
        }
        let compared = async {
            heads(&chat).await?;
            memberships(&chat).await
        };
        if let Err(fault) = compared.await {
            tracing::debug!(%fault, "cannot look for what was missed");
            after_a_gap(&chat);
        }
        tokio::select! {
            () = &mut stopping => return Ok(()),
            () = tokio::time::sleep(TRY_AGAIN) => {}
        }
    }
}

/// A node died, perhaps between storing an entry and naming it as the head: every log that is watched here is asked.
pub fn with_the_logs(chat: &Arc<Chat>) {
    let chat = Arc::clone(chat);
    chat.lifecycle.clone().spawn("comparing with the logs", async move {
        let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
        let watched = chat.feeds.watched().into_iter();
        let mut unknown: Vec<ConversationId> = watched.map(|feed| feed.conversation.clone()).collect();
        loop {
            let unread: Vec<Option<ConversationId>> = stream::iter(unknown)
                .map(async |id| (!look_into(&chat, &id).await).then_some(id))
                .buffer_unordered(LOOKED_INTO)
                .collect()
                .await;
            unknown = unread.into_iter().flatten().collect();
            if unknown.is_empty() {
                return Ok(());
            }
            tokio::select! {
                () = &mut stopping => return Ok(()),
                () = tokio::time::sleep(TRY_AGAIN) => {}
            }
        }
    });
}

async fn heads(chat: &Arc<Chat>) -> Result<(), StoreError> {
    let feeds: Vec<Arc<Feed>> = chat.feeds.watched();
    for some in feeds.chunks(ASKED_TOGETHER) {
        let known: HashMap<ConversationId, u64> = some
            .iter()
            .map(|feed| (feed.conversation.clone(), feed.head()))
            .collect();
        let stored = chat.store.heads(known.keys().cloned().collect()).await?;
        let is_behind = |id: &ConversationId, head: u64| known.get(id).is_some_and(|seen| *seen < head);
        let behind: Vec<ConversationId> = stored
            .into_iter()
            .filter(|(id, head)| is_behind(id, *head))
            .map(|(id, _)| id)
            .collect();
        stream::iter(behind)
            .for_each_concurrent(LOOKED_INTO, async |id| {
                look_into(chat, &id).await;
            })
            .await;
    }
    Ok(())
}

/// False when it cannot be done now.
async fn look_into(chat: &Chat, id: &ConversationId) -> bool {
    match chat.open(id).await {
        Ok(desk) => desk.look_behind(),
        Err(refusal) if refusal.code == ErrorCode::NotFound => {}
        Err(refusal) => {
            tracing::debug!(%refusal, conversation = %id, "cannot look for missed entries");
            return false;
        }
    }
    true
}

/// Tells everybody who is connected here what they are a member of and how far they have read, as the documents say.
async fn memberships(chat: &Arc<Chat>) -> Result<(), StoreError> {
    let people: HashSet<UserId> = chat.sockets.people();
    let mut telling = stream::iter(people)
        .map(async |person| {
            let listed = chat.store.conversations_of(&person).await?;
            for conversation in listed {
                chat.sockets
                    .added_here(&person, &conversation.id, conversation.member_seq);
                chat.sockets.read_here(&person, &conversation.id, conversation.read);
            }
            Ok::<(), StoreError>(())
        })
        .buffer_unordered(LOOKED_INTO);
    while let Some(told) = telling.next().await {
        told?;
    }
    Ok(())
}
