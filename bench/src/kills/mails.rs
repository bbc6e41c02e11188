//! People who ask for sign-in codes all the time, each once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use event_bus::{BrokerAddress, Bus, DeadLetter};
use protocol::UnixMs;
use protocol::event::SEND_OTP;
use service_kit::{Clock as _, Lifecycle, SharedClock, SystemClock};
use test_kit::engines::amqp_url;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::harm::pause;
use super::judgement::{Answered, Evidence, Outcome};
use crate::rest::Rest;
use crate::scaled::Scaled;

/// The pause between two requests for a code.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a mail may take after the last harm. One that was being sent when mail-service was killed is looked at again
/// only when nobody can be sending it any more.
const ARRIVED_WITHIN: Duration = Duration::from_mins(3);
/// Every look reads every mail again.
const LOOK_AGAIN_MS: u64 = 500;

/// What was asked for, shared with those who ask.
#[derive(Clone)]
pub(super) struct Asked {
    requests: Arc<Mutex<BTreeMap<String, Answered>>>,
    since: UnixMs,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            requests: Arc::default(),
            since: SystemClock.now(),
        }
    }
}

impl Asked {
    /// Asks at a steady rate, whether there are answers or not, until told to stop; then waits for those that are due.
    pub(super) async fn ask_until(self, rest: Rest, domain: String, mut stop: watch::Receiver<bool>) {
        let mut asking = JoinSet::new();
        for number in 0_u64.. {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = tokio::time::sleep(PAUSE) => {}
            }
            let (address, rest, asked) = (format!("newcomer-{number}@{domain}"), rest.clone(), self.clone());
            asking.spawn(async move {
                let answered = match rest.request_code(&address).await {
                    Ok(answer) if answer.status == 202 => Answered::Accepted,
                    Ok(_) => Answered::Refused,
                    Err(_) => Answered::Never,
                };
                asked.requests().insert(address, answered);
            });
            while asking.try_join_next().is_some() {}
        }
        asking.join_all().await;
    }

    /// Waits until every promised mail has come or lies dead; what is missing then is missing.
    pub(super) async fn wait_for_all(&self, scaled: &Scaled) {
        let (letterbox, end) = (Letterbox::open(), Instant::now() + ARRIVED_WITHIN);
        while Instant::now() < end {
            let evidence = self.evidence(scaled, &letterbox, 0).await;
            if evidence.is_ok_and(|evidence| evidence.is_complete()) {
                return;
            }
            pause(LOOK_AGAIN_MS).await;
        }
    }

    /// Compares what was promised with what came.
    pub(super) async fn outcome(&self, scaled: &Scaled, kills_of_mail_service: u32) -> anyhow::Result<Outcome> {
        let letterbox = Letterbox::open();
        let evidence = self.evidence(scaled, &letterbox, kills_of_mail_service).await?;
        Ok(evidence.judge())
    }

    async fn evidence(
        &self,
        scaled: &Scaled,
        letterbox: &Letterbox,
        kills_of_mail_service: u32,
    ) -> anyhow::Result<Evidence> {
        let mut dead = letterbox.dead_letters().await?;
        dead.retain(|letter| letter.died_at >= self.since);
        Ok(Evidence {
            requests: self.requests().clone(),
            mails: scaled.mails.mails(),
            dead,
            kills_of_mail_service,
        })
    }

    fn requests(&self) -> MutexGuard<'_, BTreeMap<String, Answered>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where dead letters are read. Its connection ends with it.
struct Letterbox {
    bus: Result<Bus, String>,
    lifecycle: Lifecycle,
}

impl Letterbox {
    fn open() -> Self {
        let lifecycle = Lifecycle::new();
        let clock: SharedClock = Arc::new(SystemClock);
        let address = BrokerAddress::parse(&amqp_url());
        let bus = address.map(|address| Bus::connect_amqp(address, clock, &lifecycle));
        Self { bus, lifecycle }
    }

    async fn dead_letters(&self) -> anyhow::Result<Vec<DeadLetter>> {
        let bus = self
            .bus
            .as_ref()
            .map_err(|fault| anyhow::anyhow!("TEST_AMQP_URL: {fault}"))?;
        Ok(bus.dead_letters(SEND_OTP).await?)
    }
}

impl Drop for Letterbox {
    fn drop(&mut self) {
        self.lifecycle.stop();
    }
}
