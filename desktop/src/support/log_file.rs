//! The log in two files of the profile, each of a bounded size: the one that is written, and the one before it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that is written.
const NOW: &str = "loquat.log";
/// The one before it.
const BEFORE: &str = "loquat.1.log";
/// The most of one file: days of an ordinary log, and little enough to be read whole.
const LARGEST: u64 = 1024 * 1024;

/// The log of one profile. Lines of less than [`LARGEST`] are never cut.
#[derive(Debug)]
pub(crate) struct LogFile {
    folder: PathBuf,
    file: File,
    size: u64,
}

impl LogFile {
    /// Goes on where the last process stopped.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = OpenOptions::new().create(true).append(true).open(folder.join(NOW))?;
        let size = file.metadata()?.len();
        Ok(Self {
            folder: folder.to_owned(),
            file,
            size,
        })
    }

    /// Writes a line; a full file becomes the one before.
    pub(crate) fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.size > 0 && self.size.saturating_add(length) > LARGEST {
            std::fs::rename(self.folder.join(NOW), self.folder.join(BEFORE))?;
            *self = Self::open(&self.folder)?;
        }
        self.file.write_all(line)?;
        self.size += length;
        Ok(())
    }
}

/// Everything that is kept of the log, the oldest first.
pub(crate) fn read(folder: &Path) -> String {
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
    let mut all = file(BEFORE);
    all.extend(file(NOW));
    String::from_utf8_lossy(&all).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_grows_over_two_files_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let line = vec![b'x'; 100 * 1024];
        let mut log = LogFile::open(folder.path()).unwrap();
        for number in 0..50 {
            log.write(format!("{number} ").as_bytes()).unwrap();
            log.write(&line).unwrap();
        }

        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 2);
        for file in names {
            assert!(file.unwrap().metadata().unwrap().len() <= LARGEST);
        }
        let kept = read(folder.path());
        assert!(kept.contains("49 x"), "the newest line is gone");
        assert!(!kept.contains("10 x"), "an old line is still there");
    }

    #[test]
    fn another_start_goes_on_in_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        LogFile::open(folder.path()).unwrap().write(b"one\n").unwrap();
        LogFile::open(folder.path()).unwrap().write(b"two\n").unwrap();
        assert_eq!(read(folder.path()), "one\ntwo\n");
    }
}
