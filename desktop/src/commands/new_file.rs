//! Files for the person, beside the ones that are there already.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use client::view::Failure;

/// Files under one name that are kept beside each other.
const MOST_OF_ONE_NAME: u32 = 1000;

/// Writes a file that was not there before, and answers where.
pub(super) async fn write(folder: PathBuf, name: &'static str, content: Vec<u8>) -> Result<String, Failure> {
    let written = tokio::task::spawn_blocking(move || write_new(&folder, name, &content)).await;
    let path = written
        .map_err(|error| error.to_string())
        .and_then(|written| written.map_err(|error| error.to_string()))
        .map_err(|detail| Failure::Storage { detail })?;
    Ok(path.display().to_string())
}

/// `name.zip`, `name-2.zip` and so on.
fn write_new(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for number in 1..=MOST_OF_ONE_NAME {
        let file = match number {
            1 => name.to_owned(),
            _ => format!("{stem}-{number}.{extension}"),
        };
        let path = folder.join(file);
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(content)?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::new(
        std::io::ErrorKind::AlreadyExists,
        format!(
            "{} has {MOST_OF_ONE_NAME} such files already; move some away",
            folder.display()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_never_overwrites_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_new(folder.path(), "audit.jsonl", b"one").unwrap();
        let second = write_new(folder.path(), "audit.jsonl", b"two").unwrap();
        assert_eq!(first, folder.path().join("audit.jsonl"));
        assert_eq!(second, folder.path().join("audit-2.jsonl"));
        assert_eq!(std::fs::read_to_string(first).unwrap(), "one");
        assert_eq!(std::fs::read_to_string(second).unwrap(), "two");
    }
}
