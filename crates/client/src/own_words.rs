//! Telling the server which levels were chosen here, and asking it where mentions stand that are not held.

use std::sync::Arc;
use std::time::Duration;

use protocol::rest::chat::LevelChoice;
use protocol::{ChosenLevel, Conversation, ConversationId, Membership, NotificationLevel};

use crate::link::Wake;
use crate::rest::chat;
use crate::session::Api;
use crate::store::{Store, Writing, conversations, levels, mentions};
use crate::view::Failure;

/// The wait after a failed try. Other devices learn of a level that much later.
const PAUSE: Duration = Duration::from_secs(10);

/// Tells and asks whenever there is something to, until dropped.
pub(crate) async fn run(store: Store, api: Api, wake: Arc<Wake>) {
    loop {
        match settle(&store, &api).await {
            Ok(0) => wake.words.notified().await,
            Ok(_) => {}
            Err(failure) => {
                tracing::info!(%failure, "levels could not be told, or mentions not asked for");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Returns how much there was to do.
async fn settle(store: &Store, api: &Api) -> Result<usize, Failure> {
    let owed = store.read(levels::owed).await?;
    let wanted = store.read(mentions::wanted).await?;
    let count = owed.len() + wanted.len();
    for (conversation, level) in owed {
        tell(store, api, conversation, level).await?;
    }
    for conversation in wanted {
        ask(store, api, conversation).await?;
    }
    Ok(count)
}

async fn tell(
    store: &Store,
    api: &Api,
    conversation: ConversationId,
    level: Option<NotificationLevel>,
) -> Result<(), Failure> {
    let told = api
        .send::<ChosenLevel>(chat::level(&conversation, &LevelChoice { level }))
        .await;
    let outcome = match told {
        Ok(kept) => Some(kept),
        Err(failure) if failure.is_lasting() => None,
        Err(failure) => return Err(failure),
    };
    let keep = move |writing: &mut Writing<'_>| {
        if let Some(kept) = outcome {
            return levels::kept(writing.disk, &conversation, kept);
        }
        levels::give_up(writing.disk, &conversation)?;
        mentions::want(writing, &conversation, 1)
    };
    Ok(store.write(keep).await?)
}

async fn ask(store: &Store, api: &Api, conversation: ConversationId) -> Result<(), Failure> {
    let said = match api.send::<Conversation>(chat::conversation(&conversation)).await {
        Ok(said) => Some(said).filter(|said| said.membership == Membership::Member),
        Err(failure) if failure.is_lasting() => None,
        Err(failure) => return Err(failure),
    };
    let keep = move |writing: &mut Writing<'_>| {
        // Whoever has left meanwhile hears that on the socket.
        let is_held = conversations::held(writing.disk, &conversation)?.is_some();
        match said.filter(|_| is_held) {
            Some(said) => conversations::put(writing, &said),
            None => mentions::wanted_no_more(writing.disk, &conversation),
        }
    };
    Ok(store.write(keep).await?)
}
