//! W6: one person writes as fast as acknowledgements come, with a fixed number of messages under way.
//!
//! A closed loop: the next message leaves when an answer has come, so times count from the sending itself.

use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{Measured, SILENCE, Target, Usage};
use crate::load::dialect::{Saying, body};
use crate::load::latency::Latencies;
use crate::load::receipts::Receipts;
use crate::load::swarm::{Heard, Swarm};

#[derive(Debug, Clone, Copy)]
pub(in crate::load) struct Plan {
    /// Messages that wait for their acknowledgement at a time.
    pub(in crate::load) pipeline: u32,
    pub(in crate::load) warm_up: Duration,
    pub(in crate::load) measured: Duration,
    pub(in crate::load) body_bytes: usize,
}

/// What is known by now.
struct Progress {
    sent_at: Vec<Instant>,
    /// The first message that counts.
    first_measured: u32,
    receipts: Receipts,
    acknowledgements: Receipts,
    latencies: Latencies,
}

pub(in crate::load) fn run(target: Target, plan: Plan) -> anyhow::Result<Measured> {
    let mut swarm = Swarm::open(target.address, target.dialect, 1)?;
    let mut progress = Progress {
        sent_at: Vec::new(),
        first_measured: 0,
        receipts: Receipts::of(1),
        acknowledgements: Receipts::of(1),
        latencies: Latencies::default(),
    };
    write_for(&mut swarm, &mut progress, plan, plan.warm_up)?;
    progress.first_measured = progress.sent();
    let mut measured = Measured::default();
    let usage = Usage::begin(target.pid)?;
    write_for(&mut swarm, &mut progress, plan, plan.measured)?;
    let server_s = usage.end(&mut measured)?;

    let appends = f64::from(progress.sent() - progress.first_measured);
    let lasted_s = measured.figures.get("lasted_s").context("nothing lasted")?;
    measured.figures.put("appends", appends);
    measured.figures.put("appends_per_s", appends / lasted_s);
    measured.figures.put("cpu_us_per_append", server_s * 1e6 / appends);
    let sent = progress.sent();
    let mut faults = progress.receipts.check(sent);
    // Answers may overtake each other; each must come, and once.
    let answers = progress.acknowledgements.check(sent);
    faults.missing += answers.missing;
    faults.doubled += answers.doubled;
    measured.put_faults(faults);
    progress.latencies.put_into(&mut measured.figures, "acknowledgement");
    Ok(measured)
}

/// Writes for this long, then waits until everything has been answered and delivered.
fn write_for(swarm: &mut Swarm, progress: &mut Progress, plan: Plan, time: Duration) -> anyhow::Result<()> {
    let end = Instant::now() + time;
    let mut heard = Vec::new();
    let mut last_heard = Instant::now();
    loop {
        let is_writing = Instant::now() < end;
        while is_writing && progress.under_way() < u64::from(plan.pipeline) {
            let number = progress.sent();
            progress.sent_at.push(Instant::now());
            swarm.send(0, number, &body(number, plan.body_bytes))?;
        }
        if !is_writing && progress.is_complete() {
            return Ok(());
        }
        swarm.listen(Duration::from_secs(1), &mut heard)?;
        if !heard.is_empty() {
            last_heard = Instant::now();
        } else if last_heard.elapsed() > SILENCE {
            // The check tells what is missing.
            return Ok(());
        }
        heard.drain(..).for_each(|heard| progress.note(heard));
    }
}

impl Progress {
    fn sent(&self) -> u32 {
        u32::try_from(self.sent_at.len()).unwrap_or(u32::MAX)
    }

    fn under_way(&self) -> u64 {
        u64::from(self.sent()).saturating_sub(self.acknowledgements.count())
    }

    fn is_complete(&self) -> bool {
        self.under_way() == 0 && self.receipts.count() >= u64::from(self.sent())
    }

    fn note(&mut self, heard: Heard) {
        match heard.saying {
            Saying::Delivered { message, seq } => self.receipts.note(heard.socket, message, seq),
            Saying::Acknowledged { message } => {
                self.acknowledgements.note(0, message, None);
                if message >= self.first_measured
                    && let Some(sent_at) = self.sent_at.get(message as usize)
                {
                    self.latencies.note(heard.at.saturating_duration_since(*sent_at));
                }
            }
            _ => {}
        }
    }
}
