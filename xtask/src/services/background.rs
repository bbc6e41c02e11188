//! A program that goes on when the toolbox ends: started, found again, and stopped with all it started.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::processes;
use crate::report;
use crate::signals;

/// How often a program is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a program may take to stop after it was asked to; then it is killed. A broker closes its queues first.
const STOP_GRACE: Duration = Duration::from_secs(30);

/// How long a server may take until it answers, on a machine that is busy with a build.
const ANSWER_LIMIT: Duration = Duration::from_mins(2);

/// How many lines of a log are shown when its program failed.
const LAST_LINES: usize = 20;

/// One program, known by the files in its folder.
pub(super) struct Background {
    name: &'static str,
    folder: PathBuf,
}

/// A process group, told apart from another one that later has the same number.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    leader: u32,
    /// When the leader was born, in ticks since the machine started.
    birth: u64,
    boot: String,
}

impl Background {
    pub(super) fn new(name: &'static str, folder: PathBuf) -> Self {
        Self { name, folder }
    }

    /// Starts it in a process group of its own, away from the terminal, with what it writes going to its log.
    pub(super) fn start(&self, mut command: Command) -> anyhow::Result<()> {
        let log = File::create(self.log()).with_context(|| format!("writing {}", self.log().display()))?;
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0);
        let child = command.spawn().with_context(|| format!("starting {}", self.name))?;
        let group =
            Group::of(child.id()).with_context(|| format!("{} ended at once{}", self.name, self.last_words()))?;
        fs::write(self.pid_file(), group.to_text()).with_context(|| format!("noting the process of {}", self.name))
    }

    pub(super) fn is_running(&self) -> bool {
        self.group().is_some_and(|group| group.lives())
    }

    /// Waits until `answers`; an error shows the end of its log.
    pub(super) fn wait_until(&self, answers: impl Fn() -> bool) -> anyhow::Result<()> {
        let started = Instant::now();
        while !answers() {
            if signals::asked_to_stop() {
                bail!("asked to stop");
            }
            if !self.is_running() {
                bail!("{} ended before it answered{}", self.name, self.last_words());
            }
            if started.elapsed() > ANSWER_LIMIT {
                let limit = report::seconds(ANSWER_LIMIT);
                bail!("{} does not answer after {limit}{}", self.name, self.last_words());
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Asks it to stop, waits, and kills it when it does not. False when it did not run.
    pub(super) fn stop(&self) -> anyhow::Result<bool> {
        let Some(group) = self.group().filter(Group::lives) else {
            return Ok(false);
        };
        processes::signal_group(group.leader, "TERM")?;
        let asked = Instant::now();
        while group.lives() {
            if asked.elapsed() > STOP_GRACE {
                println!("   {} did not stop when asked: killed", self.name);
                processes::signal_group(group.leader, "KILL")?;
                break;
            }
            thread::sleep(LOOK_EVERY);
        }
        fs::remove_file(self.pid_file()).with_context(|| format!("forgetting the process of {}", self.name))?;
        Ok(true)
    }

    fn group(&self) -> Option<Group> {
        Group::from_text(&fs::read_to_string(self.pid_file()).ok()?)
    }

    fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join(format!("{}.pid", self.name))
    }

    /// The end of its log, as the rest of a sentence.
    fn last_words(&self) -> String {
        let text = fs::read(self.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
        format!("; the end of {}:\n{last}", self.log().display())
    }
}

impl Group {
    fn of(leader: u32) -> Option<Self> {
        Some(Self {
            leader,
            birth: Process::read(leader)?.birth,
            boot: boot()?,
        })
    }

    /// Whether any process of it is there. The leader may be gone before what it started; its number is not given away
    /// as long as the group has members.
    fn lives(&self) -> bool {
        if boot().as_ref() != Some(&self.boot) {
            return false;
        }
        if Process::read(self.leader).is_some_and(|leader| leader.birth != self.birth) {
            return false;
        }
        Process::all().any(|process| process.group == self.leader && !process.is_dead)
    }

    fn to_text(&self) -> String {
        format!("{} {} {}\n", self.leader, self.birth, self.boot)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        Some(Self {
            leader: words.next()?.parse().ok()?,
            birth: words.next()?.parse().ok()?,
            boot: words.next()?.to_owned(),
        })
    }
}

/// What the kernel says about a process.
struct Process {
    group: u32,
    birth: u64,
    /// Ended, and only kept until its parent has looked.
    is_dead: bool,
}

impl Process {
    fn read(number: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{number}/stat")).ok()?)
    }

    /// The name may hold anything, so the fields are counted from behind it: state, parent, group, … , birth.
    fn parse(stat: &str) -> Option<Self> {
        let (_, fields) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        Some(Self {
            group: fields.get(2)?.parse().ok()?,
            birth: fields.get(19)?.parse().ok()?,
            is_dead: ["Z", "X"].contains(fields.first()?),
        })
    }

    fn all() -> impl Iterator<Item = Self> {
        let entries = fs::read_dir(Path::new("/proc")).into_iter().flatten().flatten();
        entries.filter_map(|entry| Self::read(entry.file_name().to_str()?.parse().ok()?))
    }
}

/// A name for the time since the machine started.
fn boot() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-background-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn background(&self) -> Background {
            Background::new("shell", self.0.clone())
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_program_is_found_again_by_its_folder_and_stopped_with_its_children() {
        let scratch = Scratch::new("stop");
        // The shell ends at once when it is told to; what it started takes a moment longer.
        scratch
            .background()
            .start(shell(
                "(trap 'sleep 0.2; exit' TERM; while :; do sleep 0.01; done) & wait",
            ))
            .unwrap();

        assert!(scratch.background().is_running());
        assert!(scratch.background().stop().unwrap());
        assert!(!scratch.background().is_running());
        assert!(!scratch.background().stop().unwrap());
    }

    #[test]
    fn a_program_that_ends_before_it_answers_shows_its_log() {
        let scratch = Scratch::new("words");
        let background = scratch.background();
        background
            .start(shell("sleep 0.1; echo no such folder; exit 1"))
            .unwrap();

        let fault = background.wait_until(|| false).unwrap_err().to_string();

        assert!(
            fault.contains("ended before it answered") && fault.contains("no such folder"),
            "{fault}"
        );
    }

    #[test]
    fn another_process_with_the_number_of_an_old_one_is_let_alone() {
        let scratch = Scratch::new("number");
        let mine = Group::of(std::process::id()).unwrap();
        for group in [
            Group {
                birth: mine.birth + 1,
                boot: boot().unwrap(),
                ..mine
            },
            Group {
                boot: "another".to_owned(),
                ..Group::of(std::process::id()).unwrap()
            },
        ] {
            fs::write(scratch.background().pid_file(), group.to_text()).unwrap();

            assert!(!scratch.background().is_running());
            assert!(!scratch.background().stop().unwrap());
        }
    }

    #[test]
    fn the_name_of_a_process_may_hold_anything() {
        let stat = "7 (a) b) (c) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 99 0 0";

        let process = Process::parse(stat).unwrap();

        assert_eq!((process.group, process.birth, process.is_dead), (42, 99, false));
    }
}
