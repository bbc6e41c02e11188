//! Asking how the workspace is set up, after every welcome: nobody says when it changes.

use std::sync::Arc;
use std::time::Duration;

use protocol::rest::identity::WorkspaceSettings;

use crate::rest::identity;
use crate::shared::{Shared, SignedIn};
use crate::store::{Store, Writing, workspace};
use crate::view::Failure;

/// The wait after a failed try. The settings are those of before until then.
const PAUSE: Duration = Duration::from_secs(10);

/// Asks whenever a connection was made, until dropped.
pub(crate) async fn run(shared: Arc<Shared>, signed_in: Arc<SignedIn>) {
    loop {
        signed_in.wake.workspace.notified().await;
        while let Err(failure) = ask(&shared, &signed_in).await {
            tracing::info!(%failure, "the workspace's settings could not be asked for");
            if failure.is_lasting() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn ask(shared: &Shared, signed_in: &SignedIn) -> Result<(), Failure> {
    let _turn = signed_in.settings_turn.lock().await;
    let settings = signed_in.api.send(identity::settings()).await?;
    keep(shared, &signed_in.store, settings).await.map(drop)
}

/// Keeps what the server said; the name is shown beside the person's.
pub(crate) async fn keep(
    shared: &Shared,
    store: &Store,
    settings: WorkspaceSettings,
) -> Result<WorkspaceSettings, Failure> {
    let said = settings.clone();
    store
        .write(move |writing: &mut Writing<'_>| workspace::put(writing, &said))
        .await?;
    shared.show_workspace(&settings.name).await?;
    Ok(settings)
}
