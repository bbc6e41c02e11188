//! What is done to the store in the background: the index of older versions, and the end of what is too old.
//!
//! Each step is a transaction of a few milliseconds with a pause behind it, so whoever writes waits no longer than that.

use std::sync::Arc;

use protocol::UnixMs;

use crate::shared::{Shared, SignedIn};
use crate::store::trim::Keep;
use crate::store::{StoreError, Writing, index, trim};

const DAY_MS: UnixMs = 24 * 60 * 60 * 1000;

/// The time from which on this device keeps everything.
pub(crate) fn kept_since(shared: &Shared) -> UnixMs {
    let days = UnixMs::from(shared.settings.history.days);
    shared.server_now().saturating_sub(days * DAY_MS)
}

/// Does what there is to do, and looks again now and then, until dropped.
pub(crate) async fn run(shared: Arc<Shared>, signed_in: Arc<SignedIn>) {
    let pace = shared.around.pace;
    loop {
        let pause = match step(&shared, &signed_in).await {
            Ok(true) => pace.step,
            Ok(false) => pace.look,
            Err(error) => {
                tracing::warn!(%error, "the store could not be tidied");
                pace.look
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// One step; says whether there is more to do.
async fn step(shared: &Shared, signed_in: &SignedIn) -> Result<bool, StoreError> {
    if signed_in
        .store
        .write(|writing: &mut Writing<'_>| index::step(writing.disk))
        .await?
    {
        return Ok(true);
    }
    let keep = Keep {
        since: kept_since(shared),
        bytes: shared.settings.history.bytes,
        looked_at: signed_in.looks.first_seqs(),
    };
    let trim = move |writing: &mut Writing<'_>| trim::step(writing, &keep);
    signed_in.store.write(trim).await
}
