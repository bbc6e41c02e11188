//! Which workloads there are, how large they are, and which of their figures decide.

use std::collections::BTreeMap;
use std::time::Duration;

use super::crowd::Crowd;
use super::record::Headline;
use super::workload::{Measured, Target, appends, big_room, idle};

/// As in a text message: a sentence or two.
const BODY_BYTES: usize = 128;
/// Rooms that everybody who idles is in, and people in each.
const IDLE_ROOMS: usize = 2;
const IDLE_ROOM_SIZE: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Workload {
    /// W1: people who are signed in and say nothing.
    Idle,
    /// W3: one room of 500, 40 messages a second.
    BigRoom,
    /// W6: messages of one writer, acknowledged, with 1, 8 and 64 under way.
    Appends,
}

/// One workload with its size.
#[derive(Debug, Clone)]
pub(super) enum Task {
    Idle {
        sockets: usize,
        rooms_each: usize,
        idle_s: u32,
    },
    BigRoom(big_room::Plan),
    Appends(appends::Plan),
}

impl Workload {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Idle => "W1 idle",
            Self::BigRoom => "W3 one big room",
            Self::Appends => "W6 appends",
        }
    }
}

/// The tasks of these workloads, all of them when none is named.
pub(super) fn tasks(chosen: &[Workload], quick: bool, sockets: Option<usize>) -> Vec<Task> {
    let is_chosen = |workload| chosen.is_empty() || chosen.contains(&workload);
    let pick = |quickly: u32, fully: u32| if quick { quickly } else { fully };
    let mut tasks = Vec::new();
    if is_chosen(Workload::Idle) {
        let sockets = sockets.unwrap_or(pick(300, 5000) as usize);
        for rooms_each in [0, IDLE_ROOMS] {
            tasks.push(Task::Idle {
                sockets,
                rooms_each,
                idle_s: pick(3, 30),
            });
        }
    }
    if is_chosen(Workload::BigRoom) {
        tasks.push(Task::BigRoom(big_room::Plan {
            members: pick(60, 500) as usize,
            per_s: 40,
            warm_up_s: pick(1, 5),
            measured_s: pick(3, 30),
            body_bytes: BODY_BYTES,
            seed: 0,
        }));
    }
    if is_chosen(Workload::Appends) {
        for pipeline in [1, 8, 64] {
            tasks.push(Task::Appends(appends::Plan {
                pipeline,
                warm_up: Duration::from_secs(pick(1, 3).into()),
                measured: Duration::from_secs(pick(2, 10).into()),
                body_bytes: BODY_BYTES,
            }));
        }
    }
    tasks
}

impl Task {
    pub(super) fn workload(&self) -> Workload {
        match self {
            Self::Idle { .. } => Workload::Idle,
            Self::BigRoom(_) => Workload::BigRoom,
            Self::Appends(_) => Workload::Appends,
        }
    }

    pub(super) fn sockets(&self) -> usize {
        self.crowd().people
    }

    /// Who takes part.
    pub(super) fn crowd(&self) -> Crowd {
        match self {
            Self::Idle {
                sockets, rooms_each, ..
            } => Crowd::in_small_rooms(*sockets, *rooms_each, IDLE_ROOM_SIZE),
            Self::BigRoom(plan) => Crowd::in_one_room(plan.members),
            Self::Appends(_) => Crowd::in_one_room(1),
        }
    }

    /// Whether memory is measured, which must not have been used for something else before.
    pub(super) fn needs_a_fresh_process(&self) -> bool {
        matches!(self, Self::Idle { .. })
    }

    /// What it was run with, for the record.
    pub(super) fn parameters(&self) -> BTreeMap<&'static str, f64> {
        match self {
            Self::Idle {
                sockets,
                rooms_each,
                idle_s,
            } => BTreeMap::from([
                ("sockets", *sockets as f64),
                ("rooms_each", *rooms_each as f64),
                ("idle_s", f64::from(*idle_s)),
            ]),
            Self::BigRoom(plan) => BTreeMap::from([
                ("members", plan.members as f64),
                ("per_s", f64::from(plan.per_s)),
                ("measured_s", f64::from(plan.measured_s)),
                ("body_bytes", plan.body_bytes as f64),
            ]),
            Self::Appends(plan) => BTreeMap::from([
                ("pipeline", f64::from(plan.pipeline)),
                ("measured_s", plan.measured.as_secs_f64()),
                ("body_bytes", plan.body_bytes as f64),
            ]),
        }
    }

    /// Does it, on the calling thread.
    pub(super) fn run(self, target: Target, seed: u64) -> anyhow::Result<Measured> {
        match self {
            Self::Idle { sockets, idle_s, .. } => idle::run(target, sockets, Duration::from_secs(idle_s.into())),
            Self::BigRoom(plan) => big_room::run(target, big_room::Plan { seed, ..plan }),
            Self::Appends(plan) => appends::run(target, plan),
        }
    }
}

/// The figures of a workload that decide.
pub(super) fn headlines(workload: &str) -> &'static [Headline] {
    const fn most(figure: &'static str) -> Headline {
        Headline {
            figure,
            more_is_better: true,
        }
    }
    const fn least(figure: &'static str) -> Headline {
        Headline {
            figure,
            more_is_better: false,
        }
    }
    const IDLE: &[Headline] = &[
        least("kb_per_socket"),
        least("cpu_us_per_connect"),
        least("idle_cpu_ms_per_s_and_1000"),
    ];
    const BIG_ROOM: &[Headline] = &[
        most("deliveries_per_cpu_s"),
        least("delivery_p50_ms"),
        least("delivery_p99_ms"),
        least("acknowledgement_p99_ms"),
    ];
    const APPENDS: &[Headline] = &[
        most("appends_per_s"),
        least("cpu_us_per_append"),
        least("acknowledgement_p99_ms"),
    ];
    let workloads = [
        (Workload::Idle, IDLE),
        (Workload::BigRoom, BIG_ROOM),
        (Workload::Appends, APPENDS),
    ];
    let found = workloads.iter().find(|(known, _)| known.name() == workload);
    found.map_or(&[], |(_, headlines)| headlines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workload_has_figures_that_decide() {
        for task in tasks(&[], true, None) {
            assert!(!headlines(task.workload().name()).is_empty(), "{task:?}");
        }
        assert_eq!(tasks(&[Workload::Appends], false, None).len(), 3);
    }
}
