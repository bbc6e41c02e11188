//! Starting other programs, waiting for them with a deadline, and ending them with everything they started.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::signals;

/// How often a child that is waited for is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// How long a child may take to stop after it was asked to, above the 20 s that the server allows itself; then it
/// is killed.
const STOP_GRACE: Duration = Duration::from_secs(30);

/// How a child that was waited for ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Ended(ExitStatus),
    TooSlow(Duration),
    AskedToStop,
}

/// Starts a program in a process group of its own, so that a Ctrl-C reaches it once, by us, and so that its
/// own children can be ended with it.
pub(crate) fn start(mut command: Command) -> anyhow::Result<Child> {
    let name = name_of(&command);
    command.stdin(Stdio::null()).process_group(0);
    match command.spawn() {
        Ok(child) => Ok(child),
        Err(fault) if fault.kind() == ErrorKind::NotFound => bail!("{name} is not installed"),
        Err(fault) => Err(fault).with_context(|| format!("starting {name}")),
    }
}

/// Runs a program to its end with all it writes going to the end of `log`.
pub(crate) fn run_logged(mut command: Command, log: &Path, limit: Duration) -> anyhow::Result<Outcome> {
    let file = File::options().create(true).append(true).open(log);
    let file = file.with_context(|| format!("opening {}", log.display()))?;
    // A log is read by people and by `report::counts`; colours would be in the way of both.
    command
        .env("NO_COLOR", "1")
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("FORCE_COLOR");
    command.stdout(file.try_clone()?).stderr(file);
    wait(start(command)?, limit)
}

/// What a short program answers on standard output, if it ends well.
pub(crate) fn answer(mut command: Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Waits until the child ended, the time is over or we were asked to stop; in the last two cases it is ended.
pub(crate) fn wait(mut child: Child, limit: Duration) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().context("waiting for a child")? {
            return Ok(Outcome::Ended(status));
        }
        if signals::asked_to_stop() {
            stop(&mut child)?;
            return Ok(Outcome::AskedToStop);
        }
        if started.elapsed() > limit {
            stop(&mut child)?;
            return Ok(Outcome::TooSlow(limit));
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Asks a child to stop, waits, and kills its group when it does not.
pub(crate) fn stop(child: &mut Child) -> anyhow::Result<ExitStatus> {
    signal_child(child, "TERM")?;
    let asked = Instant::now();
    while asked.elapsed() < STOP_GRACE {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::sleep(LOOK_EVERY);
    }
    signal_child(child, "KILL")?;
    child.wait().context("waiting for a killed child")
}

/// A group that is gone already is no fault.
fn signal_child(child: &mut Child, signal: &str) -> anyhow::Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    signal_group(child.id(), signal)
}

/// Sends a signal to all processes of a group. `kill` is asked because sending a signal is unsafe code in Rust.
pub(crate) fn signal_group(leader: u32, signal: &str) -> anyhow::Result<()> {
    let group = format!("-{leader}");
    Command::new("kill")
        .args(["-s", signal, "--", &group])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("running kill")?;
    Ok(())
}

/// What to call a command in a sentence.
pub(crate) fn name_of(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let fault = start(Command::new("no-such-program")).unwrap_err();

        assert_eq!(fault.to_string(), "no-such-program is not installed");
    }

    #[test]
    fn a_child_that_takes_too_long_is_ended_with_its_own_children() {
        let marker = std::env::temp_dir().join(format!("xtask-grandchild-{}", std::process::id()));
        let ready = marker.with_extension("ready");
        let loop_until_told = "while :; do sleep 0.01; done";
        let script = format!(
            "(trap 'echo ended > {marker}; exit' TERM; echo > {ready}; {loop_until_told}) & wait",
            marker = marker.display(),
            ready = ready.display(),
        );
        let child = start(shell(&script)).unwrap();
        assert!(appears(&ready), "the grandchild did not start");

        let outcome = wait(child, Duration::ZERO).unwrap();

        assert!(matches!(outcome, Outcome::TooSlow(_)), "got {outcome:?}");
        assert!(appears(&marker), "the grandchild was not told to stop");
        std::fs::remove_file(marker).unwrap();
        std::fs::remove_file(ready).unwrap();
    }

    /// Whether a file appears before the deadline.
    fn appears(path: &Path) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !path.exists() && Instant::now() < deadline {
            thread::sleep(LOOK_EVERY);
        }
        path.exists()
    }

    #[test]
    fn a_childs_ending_is_reported() {
        let outcome = wait(start(shell("exit 3")).unwrap(), Duration::from_secs(10)).unwrap();

        assert!(
            matches!(outcome, Outcome::Ended(status) if status.code() == Some(3)),
            "got {outcome:?}"
        );
    }
}
