//! What the app weighs: proportional set size, which counts a page shared by several processes once, over the app's
//! process and everything that it started.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;

/// Linux tells programs times in hundredths of a second, whatever it counts in itself.
const TICKS_PER_S: f64 = 100.0;

/// Bytes in a megabyte, as memory is sold.
const MEGABYTE: u64 = 1_000_000;

/// The weight of this process and everything below it, in megabytes.
pub(crate) fn megabytes(process: u32) -> anyhow::Result<u64> {
    let mut bytes = proportional_bytes(process).with_context(|| format!("process {process}"))?;
    for id in everything_below(process)? {
        // What ends while it is looked at weighs nothing any more.
        bytes += proportional_bytes(id).unwrap_or(0);
    }
    Ok(bytes / MEGABYTE)
}

/// The processes that this one started, and those that they started.
pub(crate) fn everything_below(process: u32) -> anyhow::Result<Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        // A process may end while it is looked at.
        if let Some(parent) = parent_of(&entry.path()) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut below = Vec::new();
    let mut waiting = vec![process];
    while let Some(id) = waiting.pop() {
        let started = children.remove(&id).unwrap_or_default();
        below.extend(&started);
        waiting.extend(started);
    }
    Ok(below)
}

/// When a process was started, in milliseconds of the clock that pages have as well; right to a hundredth of a second.
pub(crate) fn started_ms(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name stands in brackets and may hold anything; what follows it begins with the third field.
    let (_, fields) = stat.rsplit_once(')').context("no name")?;
    let ticks: f64 = fields.split_whitespace().nth(19).context("no start")?.parse()?;
    let uptime = std::fs::read_to_string("/proc/uptime")?;
    let up_s: f64 = uptime.split_whitespace().next().context("no uptime")?.parse()?;
    let now = std::time::UNIX_EPOCH.elapsed()?.as_secs_f64();
    Ok((now - (up_s - ticks / TICKS_PER_S)) * 1000.0)
}

fn parent_of(process: &Path) -> Option<u32> {
    let status = std::fs::read_to_string(process.join("status")).ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("PPid:"))?
        .trim()
        .parse()
        .ok()
}

fn proportional_bytes(process: u32) -> anyhow::Result<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .context("no Pss")?;
    Ok(kilobytes.trim().parse::<u64>()? * 1024)
}
