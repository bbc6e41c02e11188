//! Older messages, fetched before anybody scrolls to them: so that they are there without a network, and can be found.
//!
//! It is the last in line. It works only while the connection is up, nothing waits to be sent and nobody waits for an
//! answer; a request of a person's cuts its own short. It rests at least nine times as long as its last page took, so a
//! slow line is left to others.

use std::sync::Arc;
use std::time::Duration;

use protocol::ConversationId;
use tokio::time::Instant;

use crate::originals::HistoryPage;
use crate::rest::chat;
use crate::shared::{Shared, SignedIn};
use crate::store::{Writing, gaps};
use crate::sync::{self, Anchor, History};
use crate::timeline::PAGE;
use crate::upkeep::kept_since;
use crate::view::{Connection, Failure};

/// The rest after a page, as a multiple of what the page took.
const REST: u32 = 9;

/// What one try came to.
enum Tried {
    /// A page is held now.
    Kept,
    /// Others come first.
    NotNow,
    /// Everything is there.
    Nothing,
}

/// Fetches a page at a time, until dropped.
pub(crate) async fn run(shared: Arc<Shared>, signed_in: Arc<SignedIn>) {
    let pace = shared.around.pace;
    loop {
        // The first page has to wait as well: at the start everything else is more urgent.
        tokio::time::sleep(pace.page).await;
        let began = Instant::now();
        let pause = match fill(&shared, &signed_in).await {
            Ok(Tried::Kept) => began.elapsed() * REST,
            Ok(Tried::NotNow) => Duration::ZERO,
            Ok(Tried::Nothing) => pace.look,
            Err(failure) => {
                tracing::info!(%failure, "older messages could not be fetched");
                pace.look
            }
        };
        tokio::time::sleep(pause.min(pace.look)).await;
    }
}

async fn fill(shared: &Shared, signed_in: &SignedIn) -> Result<Tried, Failure> {
    if shared.connection() != Connection::Online || signed_in.api.in_use.is_any() {
        return Ok(Tried::NotNow);
    }
    let (since, bytes) = (kept_since(shared), shared.settings.history.bytes);
    let wanted = signed_in
        .store
        .read(move |disk| gaps::newest(disk, since, bytes))
        .await?;
    let Some((conversation, first)) = wanted else {
        return Ok(Tried::Nothing);
    };
    let anchor = Anchor::Before(first);
    let request = chat::history(&conversation, anchor, PAGE);
    let page: HistoryPage = tokio::select! {
        // Somebody waits for an answer: the line is theirs.
        () = signed_in.api.in_use.begins() => return Ok(Tried::NotNow),
        page = signed_in.api.send_in_background(request) => page?,
    };
    keep(signed_in, conversation, anchor, page).await
}

async fn keep(
    signed_in: &SignedIn,
    conversation: ConversationId,
    anchor: Anchor,
    page: HistoryPage,
) -> Result<Tried, Failure> {
    let me = signed_in.me.clone();
    let keep = move |writing: &mut Writing<'_>| {
        for original in page.originals {
            writing.came_as(original);
        }
        sync::keep_history(writing, &me, &conversation, anchor, &page.entries)
    };
    match signed_in.store.write(keep).await? {
        History::Another => signed_in.wake.resume.notify_one(),
        History::Kept => signed_in.wake.people.notify_one(),
    }
    Ok(Tried::Kept)
}
