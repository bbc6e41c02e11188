//! W3: one room, messages at a fixed rate from its members in turn, each to everybody.
//!
//! The rate does not wait for the server (open loop), and times count from when a message was due, so that a server
//! that stalls pays for everything it held up.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use test_kit::random::SeededRandom;

use super::{Measured, SILENCE, Target, Usage};
use crate::load::dialect::{Saying, body};
use crate::load::latency::Latencies;
use crate::load::machine;
use crate::load::receipts::Receipts;
use crate::load::swarm::{Heard, Swarm};

#[derive(Debug, Clone, Copy)]
pub(in crate::load) struct Plan {
    pub(in crate::load) members: usize,
    pub(in crate::load) per_s: u32,
    /// Messages before these seconds have passed are checked and not measured.
    pub(in crate::load) warm_up_s: u32,
    pub(in crate::load) measured_s: u32,
    pub(in crate::load) body_bytes: usize,
    pub(in crate::load) seed: u64,
}

impl Plan {
    fn messages(&self) -> u32 {
        (self.warm_up_s + self.measured_s) * self.per_s
    }

    fn warm_up_messages(&self) -> u32 {
        self.warm_up_s * self.per_s
    }

    fn due(&self, message: u32) -> Duration {
        Duration::from_secs(1) / self.per_s * message
    }
}

/// What is known by now.
struct Progress {
    plan: Plan,
    began: Instant,
    receipts: Receipts,
    acknowledgements: Receipts,
    deliveries: Latencies,
    stored: Latencies,
}

pub(in crate::load) fn run(target: Target, plan: Plan) -> anyhow::Result<Measured> {
    let mut swarm = Swarm::open(target.address, target.dialect, plan.members)?;
    let random = SeededRandom::from_seed(plan.seed);
    let mut progress = Progress {
        plan,
        began: Instant::now(),
        receipts: Receipts::of(plan.members),
        acknowledgements: Receipts::of(1),
        deliveries: Latencies::default(),
        stored: Latencies::default(),
    };
    let mut usage = None;
    let mut next = 0;
    let mut latest = Duration::ZERO;
    let mut heard = Vec::new();
    let mut last_heard = Instant::now();
    while !progress.is_complete() {
        while next < plan.messages() && plan.due(next) <= progress.began.elapsed() {
            if next == plan.warm_up_messages() {
                usage = Some(Usage::begin(target.pid)?);
            }
            latest = latest.max(progress.began.elapsed().saturating_sub(plan.due(next)));
            let sender = usize::try_from(random.below(plan.members as u64))?;
            swarm.send(sender, next, &body(next, plan.body_bytes))?;
            next += 1;
        }
        let wait = if next < plan.messages() {
            plan.due(next).saturating_sub(progress.began.elapsed())
        } else {
            Duration::from_secs(1)
        };
        swarm.listen(wait, &mut heard)?;
        if !heard.is_empty() || next < plan.messages() {
            last_heard = Instant::now();
        } else if last_heard.elapsed() > SILENCE {
            break;
        }
        heard.drain(..).for_each(|heard| progress.note(heard));
    }
    let mut measured = Measured::default();
    let server_s = usage.context("nothing was measured")?.end(&mut measured)?;
    measured.figures.put("latest_send_ms", latest.as_secs_f64() * 1000.0);
    measured.figures.put("rss_kb", machine::rss_kb(target.pid)?);
    progress.finish(server_s, &mut measured);
    Ok(measured)
}

impl Progress {
    fn note(&mut self, heard: Heard) {
        let (message, latencies) = match heard.saying {
            Saying::Delivered { message, seq } => {
                self.receipts.note(heard.socket, message, seq);
                (message, &mut self.deliveries)
            }
            Saying::Acknowledged { message } => {
                self.acknowledgements.note(0, message, None);
                (message, &mut self.stored)
            }
            _ => return,
        };
        if message >= self.plan.warm_up_messages() {
            let due = self.began + self.plan.due(message);
            latencies.note(heard.at.saturating_duration_since(due));
        }
    }

    fn is_complete(&self) -> bool {
        let messages = u64::from(self.plan.messages());
        self.acknowledgements.count() >= messages && self.receipts.count() >= messages * self.plan.members as u64
    }

    fn finish(self, server_s: f64, measured: &mut Measured) {
        let messages = self.plan.messages();
        let deliveries = f64::from(messages - self.plan.warm_up_messages()) * self.plan.members as f64;
        let figures = &mut measured.figures;
        figures.put("deliveries", deliveries);
        figures.put("deliveries_per_cpu_s", deliveries / server_s);
        self.deliveries.put_into(figures, "delivery");
        self.stored.put_into(figures, "acknowledgement");
        let mut faults = self.receipts.check(messages);
        // Acknowledgements come in any order; each must come, and once.
        let answers = self.acknowledgements.check(messages);
        faults.missing += answers.missing;
        faults.doubled += answers.doubled;
        measured.put_faults(faults);
    }
}
