//! A client in a process of its own, to be killed.

#![expect(clippy::unwrap_used, reason = "a test ends where its child does")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the test `offline::writes_until_killed` in a process of its own and kills it; returns what that said it had written.
pub(crate) fn write_and_be_killed(folder: &Path, after: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "offline::writes_until_killed", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.as_ref().unwrap(), "{}", folder.display()).unwrap();
    let mut written = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        if let Some(body) = line.unwrap().strip_prefix("wrote ") {
            written.push(body.to_owned());
        }
        if written.len() == after {
            // What it still says after this was said before it died, and counts.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    written
}
