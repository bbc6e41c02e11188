//! What the app logs, for the person who looks into a problem. Never a code, a token, an address or a text.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Registry, fmt, reload};

use crate::support::log_file::LogFile;

/// The log of this process. Clones are the same.
#[derive(Clone)]
pub(crate) struct Log {
    filter: reload::Handle<EnvFilter, Registry>,
    file: Writer,
}

/// Where lines go as soon as the profile is this process's own; until then they are only on standard error.
#[derive(Clone, Default)]
struct Writer(Arc<Mutex<Option<LogFile>>>);

impl Log {
    /// Logs to standard error, filtered as the settings say, and to a file once there is one.
    pub(crate) fn start(filter: &str) -> Self {
        let file = Writer::default();
        let (reloaded, handle) = reload::Layer::new(read(filter));
        let subscriber = Registry::default()
            .with(reloaded)
            .with(
                fmt::layer()
                    .with_writer(io::stderr)
                    .with_ansi(io::stderr().is_terminal()),
            )
            .with(fmt::layer().json().with_writer(file.clone()));
        // Only the first subscriber of a process counts; a second one would come from a test.
        if tracing::subscriber::set_global_default(subscriber).is_err() {
            tracing::debug!("logging was already set up");
        }
        Self { filter: handle, file }
    }

    /// From now on also into the files of this folder.
    pub(crate) fn keep_in(&self, folder: &Path) {
        match LogFile::open(folder) {
            Ok(opened) => *self.file.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened),
            Err(error) => tracing::warn!(%error, "the log is not kept in a file"),
        }
    }

    /// Logs this much from now on.
    pub(crate) fn change(&self, filter: &str) {
        if let Err(error) = self.filter.reload(read(filter)) {
            tracing::warn!(%error, "the log cannot be changed");
        }
    }
}

fn read(filter: &str) -> EnvFilter {
    EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"))
}

impl io::Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(file) => file.write(line).map(|()| line.len()),
            None => Ok(line.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
