//! Fetching one file: in parts, as far as it takes, and never more than is bearable.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, RANGE};
use tokio::io::AsyncWriteExt;

use crate::manifest::Release;
use crate::platform::Platform;
use crate::seal::{Key, Seal, SealFault};
use crate::web::{Web, WebFault, unheard};

/// The largest file of a release, in bytes: ten times what one has.
pub const LARGEST_FILE: u64 = 512 * 1024 * 1024;

/// Called with the bytes that are here, and how many there will be if the server says it.
pub type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Send + Sync);

/// How long a fetch goes on.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Connections for one file.
    pub tries: u32,
    /// Before the second; it doubles with each further one.
    pub pause: Duration,
    /// All of it.
    pub deadline: Duration,
    /// The largest file, in bytes.
    pub largest: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            tries: 5,
            pause: Duration::from_secs(2),
            deadline: Duration::from_hours(2),
            largest: LARGEST_FILE,
        }
    }
}

/// Brings files of releases into a folder and proves them.
pub struct Fetcher {
    pub web: Web,
    pub key: Key,
    pub platform: Platform,
    /// The person's alone.
    pub folder: PathBuf,
    pub patience: Patience,
}

/// Why a file did not come, or was not kept.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    #[error(transparent)]
    Web(#[from] WebFault),
    #[error(transparent)]
    Seal(#[from] SealFault),
    #[error("the file cannot be written: {0}")]
    Storage(#[from] std::io::Error),
    #[error("the file did not come within {} s", .0.as_secs())]
    TooSlow(Duration),
}

impl Fetcher {
    /// Brings the file here. What is answered was signed by the key, as this version for this installation.
    pub async fn fetch(&self, release: &Release, progress: Progress<'_>) -> Result<PathBuf, FetchFault> {
        let seal = Seal::read(&release.signature, &release.version, self.platform)?;
        tokio::fs::create_dir_all(&self.folder).await?;
        let file = self.folder.join(seal.file());
        if file.exists() && self.proved(&seal, &file).await.is_ok() {
            return Ok(file);
        }
        let part = self.folder.join(format!("{}.part", seal.file()));
        let began_earlier = length(&part).await > 0;
        self.bring(release, &part, progress).await?;
        let mut proved = self.proved(&seal, &part).await;
        if proved.is_err() && began_earlier {
            // The beginning was of another file of this name, perhaps. It must not spoil every later try.
            tokio::fs::remove_file(&part).await?;
            self.bring(release, &part, progress).await?;
            proved = self.proved(&seal, &part).await;
        }
        if let Err(fault) = proved {
            tokio::fs::remove_file(&part).await?;
            return Err(fault.into());
        }
        tokio::fs::rename(&part, &file).await?;
        self.clear_but(seal.file()).await;
        Ok(file)
    }

    /// Checks a file that is here.
    pub async fn proved(&self, seal: &Seal, file: &Path) -> Result<(), SealFault> {
        let (key, seal, file) = (self.key.clone(), seal.clone(), file.to_owned());
        let checked = tokio::task::spawn_blocking(move || {
            let mut reader = BufReader::new(File::open(file)?);
            key.check(&seal, &mut reader)
        });
        checked
            .await
            .unwrap_or_else(|error| Err(SealFault::Unreadable(std::io::Error::other(error))))
    }

    async fn bring(&self, release: &Release, part: &Path, progress: Progress<'_>) -> Result<(), FetchFault> {
        let whole = self.bring_in_tries(release, part, progress);
        let in_time = tokio::time::timeout(self.patience.deadline, whole).await;
        in_time.unwrap_or(Err(FetchFault::TooSlow(self.patience.deadline)))
    }

    async fn bring_in_tries(&self, release: &Release, part: &Path, progress: Progress<'_>) -> Result<(), FetchFault> {
        let mut pause = self.patience.pause;
        let mut tries = 1;
        loop {
            match self.bring_rest(release, part, progress).await {
                Err(FetchFault::Web(WebFault::Unreachable(reason))) if tries < self.patience.tries => {
                    tracing::info!(%reason, tries, "the download was cut and goes on");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    /// Asks for what is missing and writes it until the answer ends.
    async fn bring_rest(&self, release: &Release, part: &Path, progress: Progress<'_>) -> Result<(), FetchFault> {
        let have = length(part).await;
        let mut request = self.web.client(&release.url).await?.get(release.url.clone());
        if have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
        }
        let mut answer = request.send().await.map_err(|error| unheard(&error))?;
        if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            // All of it is here. Whether it is right, the signature says.
            return Ok(());
        }
        if !answer.status().is_success() {
            return Err(WebFault::Status(answer.status().as_u16()).into());
        }
        let mut done = if goes_on_at(&answer, have) { have } else { 0 };
        let total = answer.content_length().map(|rest| done.saturating_add(rest));
        self.bearable(total.unwrap_or_default())?;
        let mut file = open(part, done > 0).await?;
        let cut = loop {
            let bytes = match answer.chunk().await {
                Ok(Some(bytes)) => bytes,
                Ok(None) => break None,
                Err(error) => break Some(unheard(&error)),
            };
            done += bytes.len() as u64;
            self.bearable(done)?;
            file.write_all(&bytes).await?;
            progress(done, total);
        };
        // Also what came before a cut: the next try goes on behind it.
        file.flush().await?;
        match cut {
            Some(cut) => Err(cut.into()),
            None => Ok(file.sync_all().await?),
        }
    }

    fn bearable(&self, bytes: u64) -> Result<(), FetchFault> {
        if bytes > self.patience.largest {
            return Err(WebFault::TooLarge(self.patience.largest).into());
        }
        Ok(())
    }

    /// Removes what earlier versions left.
    async fn clear_but(&self, name: &str) {
        let Ok(mut entries) = tokio::fs::read_dir(&self.folder).await else {
            return;
        };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let other = entry.file_name().into_string().unwrap_or_default();
            let is_ours = other.starts_with("loquat_") && !other.starts_with(name);
            if is_ours && let Err(error) = tokio::fs::remove_file(entry.path()).await {
                tracing::info!(%error, "an older file of updates stays");
            }
        }
    }
}

/// Whether the answer begins where our part ends.
fn goes_on_at(answer: &reqwest::Response, have: u64) -> bool {
    let range = answer
        .headers()
        .get(CONTENT_RANGE)
        .and_then(|value| value.to_str().ok());
    let begins = range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse::<u64>().ok());
    answer.status() == StatusCode::PARTIAL_CONTENT && begins == Some(have)
}

async fn open(part: &Path, goes_on: bool) -> std::io::Result<tokio::fs::File> {
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true).write(true);
    if goes_on {
        options.append(true);
    } else {
        options.truncate(true);
    }
    options.open(part).await
}

async fn length(file: &Path) -> u64 {
    tokio::fs::metadata(file).await.map_or(0, |metadata| metadata.len())
}
