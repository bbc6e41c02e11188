//! The workloads: what is done to a server, and what is measured meanwhile.
//!
//! Each runs on one thread of its own and returns its figures together with every reason to throw them away.

pub(super) mod appends;
pub(super) mod big_room;
pub(super) mod idle;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::dialect::Dialect;
use super::machine;
use super::receipts::Faults;
use super::record::Figures;

/// A generator that is itself at its end measures itself: above this share of one core a run is void.
const MOST_GENERATOR_SHARE: f64 = 0.6;
/// When nothing has come for this long, nothing more will.
const SILENCE: Duration = Duration::from_secs(10);

/// A server that waits to be measured.
pub(super) struct Target {
    pub(super) pid: u32,
    pub(super) address: SocketAddr,
    pub(super) dialect: Box<dyn Dialect>,
}

/// What a run found.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) figures: Figures,
    /// Why it is void; empty when it counts.
    pub(super) faults: Vec<String>,
    /// Why its figures say nothing, though what was asked was done.
    pub(super) distorted: Option<String>,
}

impl Measured {
    /// Takes over what was wrong with the deliveries.
    fn put_faults(&mut self, faults: Faults) {
        self.figures.put("missing", faults.missing as f64);
        self.figures.put("doubled", faults.doubled as f64);
        self.figures.put("out_of_order", faults.out_of_order as f64);
        if !faults.are_none() {
            self.faults.push(format!(
                "{} missing, {} doubled, {} out of order",
                faults.missing, faults.doubled, faults.out_of_order
            ));
        }
    }
}

/// The processors' time over a stretch of a run.
struct Usage {
    pid: u32,
    began: Instant,
    server_s: f64,
    generator_s: f64,
    busy_s: f64,
}

impl Usage {
    /// Begins a stretch; must be ended on the same thread, whose time is the generator's.
    fn begin(pid: u32) -> anyhow::Result<Self> {
        Ok(Self {
            pid,
            began: Instant::now(),
            server_s: machine::cpu_s(pid)?,
            generator_s: machine::own_thread_cpu_s()?,
            busy_s: machine::busy_s()?,
        })
    }

    /// Ends it; returns the server's CPU-seconds.
    fn end(self, measured: &mut Measured) -> anyhow::Result<f64> {
        let lasted_s = self.began.elapsed().as_secs_f64();
        let server_s = machine::cpu_s(self.pid)? - self.server_s;
        let generator_s = machine::own_thread_cpu_s()? - self.generator_s;
        let others_s = machine::busy_s()? - self.busy_s - server_s - generator_s;
        let figures = &mut measured.figures;
        figures.put("lasted_s", lasted_s);
        figures.put("server_cpu_s", server_s);
        figures.put("generator_cores", generator_s / lasted_s);
        // What else ran on this machine: wall-clock figures are only as good as this is small.
        figures.put("others_cores", (others_s / lasted_s).max(0.0));
        if generator_s / lasted_s > MOST_GENERATOR_SHARE {
            let share = 100.0 * generator_s / lasted_s;
            measured.distorted = Some(format!("the generator used {share:.0} % of a core"));
        }
        Ok(server_s)
    }
}
