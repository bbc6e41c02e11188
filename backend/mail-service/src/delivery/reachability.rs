//! Whether mail can leave, as `/readyz` tells it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use service_kit::Lifecycle;
use service_kit::health::Part;

use super::Delivery;

/// How often a mail server that failed is asked whether it is back.
const ASK_EVERY: Duration = Duration::from_secs(10);
/// How long asking may take.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);

/// Ready until a mail fails, and again when one leaves or the server answers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Reachability {
    part: Part,
    failing: Arc<AtomicBool>,
}

impl Reachability {
    pub(crate) fn new(part: Part) -> Self {
        part.ready();
        Self {
            part,
            failing: Arc::default(),
        }
    }

    pub(crate) fn works(&self) {
        self.failing.store(false, Ordering::Relaxed);
        self.part.ready();
    }

    pub(crate) fn fails(&self, reason: &str) {
        self.failing.store(true, Ordering::Relaxed);
        self.part.failed(format!("mail cannot leave: {reason}"));
    }

    /// Asks a failing server whether it is back: without new mail nobody else would find out.
    pub(crate) fn watch(&self, delivery: Arc<dyn Delivery>, lifecycle: &Lifecycle) {
        let (reachability, stopping) = (self.clone(), lifecycle.stopping());
        lifecycle.spawn("ask the mail server", async move {
            tokio::select! {
                () = stopping => {}
                () = reachability.ask_for_ever(&*delivery) => {}
            }
            Ok(())
        });
    }

    async fn ask_for_ever(&self, delivery: &dyn Delivery) {
        let mut interval = tokio::time::interval(ASK_EVERY);
        loop {
            interval.tick().await;
            if !self.failing.load(Ordering::Relaxed) {
                continue;
            }
            if let Ok(Ok(())) = tokio::time::timeout(ASK_TIMEOUT, delivery.check()).await {
                tracing::info!("the mail server is back");
                self.works();
            }
        }
    }
}
