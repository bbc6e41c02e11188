//! A property list in the person's folder `LaunchAgents`.

use std::io;
use std::path::PathBuf;

use plist::{Dictionary, Value};

use super::ARGUMENT;

/// The label, and the name of the file.
const LABEL: &str = "org.loquat.desktop";

/// What is started, and where that is said.
pub(super) struct Entry {
    file: PathBuf,
    program: String,
}

impl Entry {
    /// None for a person without a folder, or a program whose path is no text.
    pub(super) fn of(program: PathBuf) -> Option<Self> {
        let agents = dirs::home_dir()?.join("Library/LaunchAgents");
        Some(Self {
            file: agents.join(format!("{LABEL}.plist")),
            program: program.to_str()?.to_owned(),
        })
    }

    pub(super) fn is_there(&self) -> bool {
        self.file.is_file()
    }

    pub(super) fn put(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let arguments = [self.program.as_str(), ARGUMENT].map(|word| Value::String(word.to_owned()));
        let agent = Dictionary::from_iter([
            ("Label", Value::String(LABEL.to_owned())),
            ("ProgramArguments", Value::Array(arguments.to_vec())),
            ("RunAtLoad", Value::Boolean(true)),
            ("ProcessType", Value::String("Interactive".to_owned())),
        ]);
        let fresh = self.file.with_extension("new");
        plist::to_file_xml(&fresh, &agent).map_err(io::Error::other)?;
        std::fs::rename(&fresh, &self.file)
    }

    pub(super) fn remove(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
