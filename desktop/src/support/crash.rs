//! A note about a fault of the program, kept on this computer and never sent by itself.
//!
//! A panic may quote what somebody wrote, so its words are kept only where they stand in the program itself; of others
//! there is a number by which the same fault is known again.

use std::backtrace::Backtrace;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

use client::clock::{Clock, SystemClock};
use protocol::UnixMs;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The file, below the folder of the profile.
const FILE: &str = "crash.json";
/// Functions of a backtrace that are kept, the innermost.
const MOST_FRAMES: usize = 60;
/// The longest text that is kept, in characters.
const LONGEST: usize = 200;

/// What is known of the last fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CrashNote {
    pub version: String,
    pub at: UnixMs,
    /// File and line of the program.
    pub place: String,
    /// The words where they stand in the program, else a number of them.
    pub what: String,
    /// The functions that were running.
    pub trace: Vec<String>,
}

/// Writes a note of every panic from now on, and goes on as before.
pub(crate) fn watch(folder: &Path) {
    let path = folder.join(FILE);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let note = note(info, &Backtrace::force_capture().to_string());
        // There is nobody to tell of a failure here.
        drop(write(&path, &note));
        before(info);
    }));
}

/// The note of the last fault, until it is put away.
pub(crate) fn last(folder: &Path) -> Option<CrashNote> {
    serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()
}

/// Puts the note away.
pub(crate) fn forget(folder: &Path) {
    match std::fs::remove_file(folder.join(FILE)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the note of a fault stays");
        }
        _ => {}
    }
}

fn note(info: &PanicHookInfo<'_>, trace: &str) -> CrashNote {
    let place = info
        .location()
        .map_or_else(String::new, |at| format!("{}:{}", inside(at.file()), at.line()));
    let what = match (info.payload().downcast_ref::<&'static str>(), info.payload_as_str()) {
        (Some(words), _) => (*words).to_owned(),
        (None, words) => number(words.unwrap_or_default()),
    };
    CrashNote {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        at: SystemClock.now(),
        place: short(&place),
        what: short(&what),
        trace: functions(trace),
    }
}

/// A source file without the folders of whoever built the program.
fn inside(file: &str) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    parts[parts.len().saturating_sub(4)..].join("/")
}

/// Only the names of functions; the lines between them are paths.
fn functions(trace: &str) -> Vec<String> {
    let is_name = |line: &&str| {
        line.split_once(": ")
            .is_some_and(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let lines = trace.lines().map(str::trim).filter(is_name);
    lines
        .filter_map(|line| line.split_once(": "))
        .map(|(_, name)| short(name))
        .take(MOST_FRAMES)
        .collect()
}

fn number(words: &str) -> String {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    format!("#{:016x}", hasher.finish())
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn write(path: &PathBuf, note: &CrashNote) -> std::io::Result<()> {
    std::fs::write(path, serde_json::to_vec_pretty(note)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_where_and_never_what_somebody_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let before = std::panic::take_hook();
        watch(folder.path());
        let text = "the secret plan of ada@example.org";
        let thread = std::thread::spawn(move || panic!("cannot draw {text}"));
        assert!(thread.join().is_err());
        std::panic::set_hook(before);

        let note = last(folder.path()).unwrap();
        let kept = std::fs::read_to_string(folder.path().join(FILE)).unwrap();

        assert!(note.place.contains("support/crash.rs:"), "{}", note.place);
        assert!(note.what.starts_with('#') && !note.trace.is_empty());
        assert!(!kept.contains("secret") && !kept.contains("ada@"), "{kept}");
        forget(folder.path());
        assert_eq!(last(folder.path()), None);
    }

    #[test]
    fn a_trace_is_names_of_functions_and_no_paths() {
        let trace = "   0: loquat::run\n             at /home/ada/loquat/src/run.rs:7\n   1: main\n";
        assert_eq!(functions(trace), ["loquat::run", "main"]);
        assert_eq!(
            inside("/home/ada/loquat/desktop/src/app.rs"),
            "loquat/desktop/src/app.rs"
        );
    }
}
