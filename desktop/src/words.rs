//! The words that the resident app needs outside the window, in the person's language.
//!
//! All sentences live with the interface, which hands over these whenever it starts or its language changes. They are
//! kept, so a start without a window speaks the same language; before the first window ever, it is English.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The file, below the folder of the profile.
const FILE: &str = "words.json";

/// The longest of all words together, in bytes.
const LONGEST: usize = 16 * 1024;

/// Words and sentences; what stands in braces is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Words {
    /// The name of the app.
    pub app: String,
    /// A note that does not say what was written.
    pub new_message: String,
    /// `{author}` wrote in the channel `{channel}`.
    pub in_channel: String,
    /// `{author}` wrote in a group.
    pub in_group: String,
    /// Somebody whose name is not known yet.
    pub somebody: String,
    pub open: String,
    pub quit: String,
    /// Shows nothing for an hour.
    pub pause: String,
    pub test_title: String,
    pub test_body: String,
    pub hidden_title: String,
    /// That closing the window only hides it.
    pub hidden_body: String,
    /// `{count}` unread messages.
    pub unread: String,
    pub nothing_unread: String,
}

impl Default for Words {
    fn default() -> Self {
        let english = |text: &str| text.to_owned();
        Self {
            app: english("Loquat"),
            new_message: english("New message"),
            in_channel: english("{author} in #{channel}"),
            in_group: english("{author} to the group"),
            somebody: english("Somebody"),
            open: english("Open"),
            quit: english("Quit Loquat"),
            pause: english("Pause notifications for an hour"),
            test_title: english("Notifications work"),
            test_body: english("This is how a message is told."),
            hidden_title: english("Loquat goes on in the background"),
            hidden_body: english("You are told of new messages. Quit with Ctrl Q or in the tray."),
            unread: english("Unread: {count}"),
            nothing_unread: english("Nothing unread"),
        }
    }
}

/// The words in use. Clones are the same.
#[derive(Clone)]
pub(crate) struct Spoken {
    path: PathBuf,
    now: Arc<RwLock<Arc<Words>>>,
}

impl Spoken {
    /// Reads what the interface handed over last.
    pub(crate) fn open(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let read = std::fs::read(&path).ok().filter(|bytes| bytes.len() <= LONGEST);
        let words = read
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            path,
            now: Arc::new(RwLock::new(Arc::new(words))),
        }
    }

    pub(crate) fn get(&self) -> Arc<Words> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Speaks these from now on. Not being able to keep them costs only the words of the next hidden start.
    pub(crate) fn set(&self, words: Words) {
        let written = serde_json::to_vec(&words)
            .map_err(std::io::Error::from)
            .and_then(|bytes| {
                if bytes.len() > LONGEST {
                    return Err(std::io::Error::other("the words are too long"));
                }
                std::fs::write(&self.path, bytes)
            });
        if let Err(error) = written {
            tracing::warn!(%error, "the words are not kept");
        }
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_without_a_window_speaks_the_language_of_the_last_one() {
        let folder = tempfile::tempdir().unwrap();
        let german = Words {
            quit: "Loquat beenden".to_owned(),
            ..Words::default()
        };
        Spoken::open(folder.path()).set(german.clone());

        assert_eq!(*Spoken::open(folder.path()).get(), german);
    }

    #[test]
    fn broken_words_are_english() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "[").unwrap();
        assert_eq!(*Spoken::open(folder.path()).get(), Words::default());
    }
}
