//! Linux: `/etc/loquat/policy.json`, and beside it `policy.d` for programs that put a file of their own there.

use std::io;
use std::path::{Path, PathBuf};

use super::trusted::Administrator;
use super::{Source, json};
use crate::fault::Fault;
use crate::reading::Reading;

#[cfg(test)]
mod tests;

/// The folder that administrators know.
const FOLDER: &str = "/etc/loquat";

/// So many files in `policy.d` are read, in the order of their names.
const MOST_FILES: usize = 100;

/// `policy.json` and then `policy.d/*.json` of one folder, in the order of their names; a later file wins.
#[derive(Debug)]
pub struct PolicyFiles {
    folder: PathBuf,
    administrator: Administrator,
}

impl PolicyFiles {
    pub fn of_this_system() -> Self {
        Self::in_folder(FOLDER, Administrator::ROOT)
    }

    pub fn in_folder(folder: impl Into<PathBuf>, administrator: Administrator) -> Self {
        Self {
            folder: folder.into(),
            administrator,
        }
    }

    fn take(&self, path: &Path, reading: &mut Reading) -> Result<(), Fault> {
        let Some(bytes) = self.administrator.read(path)? else {
            return Ok(());
        };
        let place = path.display().to_string();
        let table = String::from_utf8(bytes)
            .map_err(|_| "it is not UTF-8 text".to_owned())
            .and_then(|text| json::table(&text))
            .map_err(|why| Fault::Unreadable {
                place: place.clone(),
                why,
            })?;
        reading.take(&place, &table);
        Ok(())
    }
}

impl Source for PolicyFiles {
    fn read(&self) -> Reading {
        let mut reading = Reading::default();
        let more = self.folder.join("policy.d");
        let more = json_files(&more).unwrap_or_else(|error| {
            reading.faults.push(Fault::Unreadable {
                place: more.display().to_string(),
                why: error.to_string(),
            });
            Vec::new()
        });
        for path in [self.folder.join("policy.json")].iter().chain(&more) {
            if let Err(fault) = self.take(path, &mut reading) {
                reading.faults.push(fault);
            }
        }
        reading.complete()
    }
}

/// The files of a folder that end in `.json`, in the order of their names; none when there is no such folder.
fn json_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension().is_some_and(|ending| ending == "json") && !is_hidden {
            files.push(path);
        }
    }
    files.sort();
    files.truncate(MOST_FILES);
    Ok(files)
}
