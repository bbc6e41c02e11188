//! Looking whether the database answers, and making its indexes as soon as it does.

use std::time::Duration;

use super::{Index, Mongo};
use crate::health::Part;
use crate::lifecycle::Lifecycle;
use crate::store::StoreError;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Mongo {
    /// Looks from now on whether the database answers, and says so. It is ready once it also has these indexes, which
    /// are made as soon as it can be reached.
    pub fn watch(&self, indexes: &'static [Index], part: Part, lifecycle: &Lifecycle) {
        let (mongo, stopping) = (self.clone(), lifecycle.clone());
        lifecycle.spawn("database", async move {
            let (mut has_indexes, mut was_ready) = (false, true);
            loop {
                // Making an index may take minutes: stopping does not wait for it.
                let look = tokio::select! {
                    look = mongo.look(indexes, has_indexes) => look,
                    () = stopping.stopping() => return Ok(()),
                };
                has_indexes |= look.is_ok();
                tell(&part, &look, was_ready);
                was_ready = look.is_ok();
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = stopping.stopping() => return Ok(()),
                }
            }
        });
    }

    async fn look(&self, indexes: &[Index], has_indexes: bool) -> Result<(), StoreError> {
        if has_indexes {
            self.ping().await
        } else {
            self.make_indexes(indexes).await
        }
    }
}

/// Says how it is to whoever asks, and to the log only when that has changed.
fn tell(part: &Part, look: &Result<(), StoreError>, was_ready: bool) {
    match look {
        Ok(()) => {
            part.ready();
            if !was_ready {
                tracing::info!("the database answers");
            }
        }
        Err(fault) => {
            part.failed(fault.to_string());
            if was_ready {
                tracing::warn!(%fault, "the database cannot be used");
            }
        }
    }
}
