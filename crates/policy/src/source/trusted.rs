//! Whether only administrators could have written a file. Otherwise a person could give themselves a policy, and with
//! it a proxy and a certificate authority that read along.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::fault::Fault;

/// Writable for the group, or for everybody.
const WRITABLE_FOR_OTHERS: u32 = 0o022;

/// No policy is longer; a larger file is not read at all.
const MOST_BYTES: u64 = 1024 * 1024;

/// Whose files are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Administrator {
    user: u32,
}

impl Administrator {
    /// The one of every Unix.
    pub const ROOT: Self = Self { user: 0 };

    /// Somebody else, for a test that is not root.
    #[cfg(test)]
    pub(crate) const fn user(user: u32) -> Self {
        Self { user }
    }

    /// The bytes of a file that only this administrator can write; none when there is no such file.
    pub(crate) fn read(self, path: &Path) -> Result<Option<Vec<u8>>, Fault> {
        let place = path.display().to_string();
        match self.open(path) {
            Ok(Opened::Trusted(bytes)) => Ok(Some(bytes)),
            Ok(Opened::NotTrusted(why)) => Err(Fault::NotTrusted { place, why }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Unreadable {
                place,
                why: error.to_string(),
            }),
        }
    }

    fn open(self, path: &Path) -> io::Result<Opened> {
        // Links are followed first: what counts is who can write the file they lead to, and its folder.
        let path = path.canonicalize()?;
        let folder = path.parent().unwrap_or(&path);
        if let Some(why) = self.doubt(&folder.metadata()?, &format!("its folder {}", folder.display())) {
            return Ok(Opened::NotTrusted(why));
        }
        let file = File::open(&path)?;
        // Asked of the open file, which nobody can exchange any more.
        let metadata = file.metadata()?;
        if let Some(why) = self.doubt(&metadata, "it") {
            return Ok(Opened::NotTrusted(why));
        }
        if !metadata.is_file() {
            return Ok(Opened::NotTrusted("it is not a file".to_owned()));
        }
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Ok(Opened::NotTrusted(format!("it is longer than {MOST_BYTES} bytes")));
        }
        Ok(Opened::Trusted(bytes))
    }

    /// Why somebody else could have written what this describes.
    fn doubt(self, metadata: &Metadata, what: &str) -> Option<String> {
        if metadata.uid() != self.user {
            return Some(format!(
                "{what} belongs to user {}, so that they could change it; let it belong to root",
                metadata.uid()
            ));
        }
        let mode = metadata.mode() & 0o7777;
        if mode & WRITABLE_FOR_OTHERS != 0 {
            return Some(format!(
                "{what} can be written by others than its owner (mode {mode:04o}); take that right away: chmod go-w"
            ));
        }
        None
    }
}

enum Opened {
    Trusted(Vec<u8>),
    NotTrusted(String),
}
