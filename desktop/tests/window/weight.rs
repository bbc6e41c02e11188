//! What the app weighs: proportional set size, which counts a page shared by several processes once, over the app's
//! process and everything that it started.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;

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
