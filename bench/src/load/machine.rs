//! What `/proc` says of processes and of the machine.

use std::path::Path;

use anyhow::Context as _;

/// Ticks per second of every time in `/proc`: fixed by the kernel's interface (`USER_HZ`), whatever its own clock.
const TICKS_PER_S: f64 = 100.0;

/// CPU-seconds (user and system) of a process over all its threads.
pub(super) fn cpu_s(pid: u32) -> anyhow::Result<f64> {
    cpu_of(&format!("/proc/{pid}/stat"))
}

/// CPU-seconds (user and system) of the calling thread.
pub(super) fn own_thread_cpu_s() -> anyhow::Result<f64> {
    cpu_of("/proc/thread-self/stat")
}

fn cpu_of(path: &str) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    cpu_in(&stat).with_context(|| format!("cannot understand {path}"))
}

/// Fields 14 and 15; the second one is a name in parentheses that may hold anything.
fn cpu_in(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_S)
}

/// Memory of a process that lies in RAM, in KiB.
pub(crate) fn rss_kb(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    value_of(&status, "VmRSS:").context("no VmRSS")
}

/// CPU-seconds that all processes together have used since the machine started.
pub(super) fn busy_s() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    busy_in(&stat).context("cannot understand /proc/stat")
}

/// user, nice, system, (idle, waiting), irq, softirq.
fn busy_in(stat: &str) -> Option<f64> {
    let fields: Vec<f64> = stat
        .lines()
        .next()?
        .split_whitespace()
        .skip(1)
        .map_while(|field| field.parse().ok())
        .collect();
    let busy = [0, 1, 2, 5, 6]
        .iter()
        .map(|index| fields.get(*index))
        .sum::<Option<f64>>()?;
    Some(busy / TICKS_PER_S)
}

/// Files that this process may have open; its children inherit the same limit.
pub(super) fn open_files_limit() -> anyhow::Result<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let limit = word_behind(&limits, "Max open files").context("no limit of open files")?;
    Ok(limit.parse().unwrap_or(usize::MAX))
}

/// Processor, number of processors, memory and kernel, in one line.
pub(super) fn description() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let processors = cpuinfo.lines().filter(|line| line.starts_with("processor")).count();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let memory_gb = value_of(&read("/proc/meminfo"), "MemTotal:").unwrap_or(0.0) / 1024.0 / 1024.0;
    format!("{processors} × {model}, {memory_gb:.0} GiB")
}

/// The kernel's version.
pub(super) fn kernel() -> String {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    release.trim().to_owned()
}

/// The file system under a folder, such as `ext4`: what durable means depends on it.
pub(super) fn file_system(folder: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    file_system_in(&mounts, folder).unwrap_or_else(|| "unknown".to_owned())
}

fn file_system_in(mounts: &str, folder: &Path) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let around = mounted.filter(|(place, _)| folder.starts_with(place));
    around
        .max_by_key(|(place, _)| place.len())
        .map(|(_, kind)| kind.to_owned())
}

/// The first number behind a label at the beginning of a line.
fn value_of(text: &str, label: &str) -> Option<f64> {
    word_behind(text, label)?.parse().ok()
}

fn word_behind<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let after = text.lines().find_map(|line| line.strip_prefix(label))?;
    after.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_read_behind_a_name_with_spaces_and_parentheses() {
        let stat = "42 (a (b) c) S 1 1 1 0 -1 4194304 10 0 0 0 250 50 9 9 20 0 4 0 100 1 1";
        assert_eq!(cpu_in(stat), Some(3.0));
        assert_eq!(cpu_in("nothing"), None);
    }

    #[test]
    fn idling_and_waiting_are_not_busy() {
        assert_eq!(busy_in("cpu  100 0 200 9000 700 10 90 0 0 0\ncpu0 1 1\n"), Some(4.0));
    }

    #[test]
    fn the_nearest_mount_counts() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n";
        assert_eq!(file_system_in(mounts, Path::new("/tmp/x")).as_deref(), Some("tmpfs"));
        assert_eq!(file_system_in(mounts, Path::new("/home")).as_deref(), Some("ext4"));
    }

    #[test]
    fn this_process_has_a_time_and_a_size() {
        let pid = std::process::id();
        assert!(cpu_s(pid).unwrap() >= 0.0 && own_thread_cpu_s().unwrap() >= 0.0);
        assert!(rss_kb(pid).unwrap() > 100.0);
        assert!(open_files_limit().unwrap() > 10);
    }
}
