//! An entry in the person's folder `autostart`, as the desktop application autostart specification says.

use std::io;
use std::path::{Path, PathBuf};

use super::ARGUMENT;

/// The entry's file. It has the name of the app's own desktop entry, so that tools show them as one.
const FILE: &str = "org.loquat.desktop.desktop";

/// What is started, and where that is said.
pub(super) struct Entry {
    file: PathBuf,
    program: PathBuf,
}

impl Entry {
    /// None for a person without a folder, or a program whose path cannot be written down.
    pub(super) fn of(program: PathBuf) -> Option<Self> {
        Self::in_folder(&dirs::config_dir()?.join("autostart"), program)
    }

    pub(super) fn in_folder(folder: &Path, program: PathBuf) -> Option<Self> {
        let path = program.to_str()?;
        // A line break ends the entry's line, and the specification has no way around an equals sign.
        let is_writable = !path.chars().any(char::is_control) && !path.contains('=');
        is_writable.then(|| Self {
            file: folder.join(FILE),
            program,
        })
    }

    /// Whether it starts something. One that is switched off by the system's settings does not.
    pub(super) fn is_there(&self) -> bool {
        let Ok(text) = std::fs::read_to_string(&self.file) else {
            return false;
        };
        let says = |wanted: &str| text.lines().any(|line| line.replace(' ', "") == wanted);
        !says("Hidden=true") && !says("X-GNOME-Autostart-enabled=false")
    }

    pub(super) fn put(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, self.text())?;
        std::fs::rename(&fresh, &self.file)
    }

    pub(super) fn remove(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn text(&self) -> String {
        let program = quoted(&self.program.to_string_lossy());
        format!(
            "[Desktop Entry]\nType=Application\nName=Loquat\nIcon=org.loquat.desktop\nExec={program} {ARGUMENT}\n\
             NoDisplay=true\nX-GNOME-Autostart-enabled=true\n"
        )
    }
}

/// An argument of `Exec`: quoted for the command, then escaped as every string of such a file is, with percent signs
/// that are no field codes.
fn quoted(argument: &str) -> String {
    let mut quoted = String::from("\"");
    for character in argument.chars() {
        match character {
            '"' | '`' | '$' => {
                quoted.push_str(r"\\");
                quoted.push(character);
            }
            '\\' => quoted.push_str(r"\\\\"),
            '%' => quoted.push_str("%%"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
