//! W1: many people who are signed in and say nothing. What one socket costs to open, to keep and to hold.

use std::time::{Duration, Instant};

use super::{Measured, Target, Usage};
use crate::load::machine;
use crate::load::swarm::Swarm;

/// After the last welcome, so that what is only needed for opening is given back.
const SETTLING: Duration = Duration::from_secs(2);

pub(in crate::load) fn run(target: Target, sockets: usize, idle: Duration) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let before_kb = machine::rss_kb(target.pid)?;
    let began = Instant::now();
    let cpu_before_s = machine::cpu_s(target.pid)?;
    let mut swarm = Swarm::open(target.address, target.dialect, sockets)?;
    let opened_s = began.elapsed().as_secs_f64();
    let opening_cpu_s = machine::cpu_s(target.pid)? - cpu_before_s;
    wait(&mut swarm, SETTLING)?;
    let after_kb = machine::rss_kb(target.pid)?;

    let usage = Usage::begin(target.pid)?;
    let pings = swarm.pings();
    wait(&mut swarm, idle)?;
    let idle_cpu_s = usage.end(&mut measured)?;

    let count = swarm.len() as f64;
    let figures = &mut measured.figures;
    figures.put("opened_s", opened_s);
    figures.put("cpu_us_per_connect", opening_cpu_s * 1e6 / count);
    figures.put("rss_before_kb", before_kb);
    figures.put("rss_kb", after_kb);
    figures.put("rss_after_idling_kb", machine::rss_kb(target.pid)?);
    figures.put("kb_per_socket", (after_kb - before_kb) / count);
    figures.put(
        "idle_cpu_ms_per_s_and_1000",
        idle_cpu_s * 1e6 / idle.as_secs_f64() / count,
    );
    figures.put("pings", (swarm.pings() - pings) as f64);
    Ok(measured)
}

/// Keeps all sockets alive for this long. One that ends is an error.
fn wait(swarm: &mut Swarm, time: Duration) -> anyhow::Result<()> {
    let end = Instant::now() + time;
    let mut heard = Vec::new();
    while let Some(left) = end
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
    {
        swarm.listen(left.min(Duration::from_secs(1)), &mut heard)?;
        heard.clear();
    }
    Ok(())
}
