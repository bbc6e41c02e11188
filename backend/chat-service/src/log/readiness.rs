//! Whether the store takes what is written, as `/readyz` tells it.

use std::sync::atomic::{AtomicBool, Ordering};

use service_kit::health::Part;

use crate::store::{LogStore, StoreError};

/// The store's part of the readiness; changes with the outcome of writes.
pub(super) struct Readiness {
    part: Part,
    is_failing: AtomicBool,
}

impl Readiness {
    pub(super) fn of(part: Part) -> Self {
        part.ready();
        Self {
            part,
            is_failing: AtomicBool::new(false),
        }
    }

    /// Learns from the outcome of a write.
    pub(super) fn note<T>(&self, outcome: &Result<T, StoreError>) {
        match outcome {
            Ok(_) if self.is_failing.swap(false, Ordering::Relaxed) => {
                tracing::info!("the store takes writes again");
                self.part.ready();
            }
            Err(fault @ (StoreError::Full | StoreError::Unavailable | StoreError::Unknown | StoreError::Broken(_))) => {
                if !self.is_failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(%fault, "the store takes no writes");
                }
                self.part.failed(fault.to_string());
            }
            Ok(_) | Err(StoreError::Duplicate) => {}
        }
    }

    /// While it fails, tries whether it works again: perhaps nobody else writes any more.
    pub(super) async fn try_again(&self, store: &dyn LogStore) {
        if self.is_failing.load(Ordering::Relaxed) {
            self.note(&store.probe().await);
        }
    }
}

#[cfg(test)]
mod tests {
    use service_kit::health::Health;

    use super::*;

    #[tokio::test]
    async fn a_failing_store_is_told_and_tried_until_it_works() {
        let (_folder, store) = crate::testing::sqlite();
        let health = Health::default();
        let readiness = Readiness::of(health.part("database"));
        assert!(health.readiness().ready);
        readiness.note::<()>(&Err(StoreError::Duplicate));
        assert!(health.readiness().ready, "a taken key is no fault");
        readiness.note::<()>(&Err(StoreError::Full));
        assert_eq!(health.readiness().parts["database"], "the disk is full");
        readiness.try_again(&store).await;
        assert!(health.readiness().ready);
    }
}
