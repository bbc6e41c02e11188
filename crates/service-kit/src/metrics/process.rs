//! What the process itself takes, read when it is asked for.

use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// Memory and files, from `/proc`; nothing on systems without it.
#[derive(Debug)]
pub(super) struct ProcessFigures;

impl Collector for ProcessFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        if let Some(bytes) = resident_bytes() {
            let memory = ConstGauge::new(bytes);
            let figure = encoder.encode_descriptor(
                "process_resident_memory",
                "Memory that lies in RAM",
                Some(&Unit::Bytes),
                memory.metric_type(),
            )?;
            memory.encode(figure)?;
        }
        if let Some(count) = open_files() {
            let files = ConstGauge::new(count);
            let figure =
                encoder.encode_descriptor("process_open_files", "Files and sockets", None, files.metric_type())?;
            files.encode(figure)?;
        }
        Ok(())
    }
}

fn resident_bytes() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn open_files() -> Option<i64> {
    let count = fs::read_dir("/proc/self/fd").ok()?.count();
    i64::try_from(count).ok()
}
