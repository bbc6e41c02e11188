//! The pepper and the signing keys: from the settings, or made once in the data folder.
//!
//! Nothing here has a default. A secret that is neither set nor allowed to be made is a fault.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use service_kit::Random;

use crate::tokens::SigningKeys;

/// Fewer bytes than this could be guessed.
pub(crate) const SHORTEST_PEPPER: usize = 32;

const PEPPER_FILE: &str = "code-pepper";
const SIGNING_KEY_FILE: &str = "signing-key.pem";

/// The secret that codes and refresh tokens are mixed with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pepper(Vec<u8>);

impl Pepper {
    /// Takes a pepper from the settings.
    pub(crate) fn from_setting(text: &str) -> anyhow::Result<Self> {
        if text.len() < SHORTEST_PEPPER {
            bail!("CODE_PEPPER needs at least {SHORTEST_PEPPER} characters");
        }
        Ok(Self(text.as_bytes().to_vec()))
    }

    /// Reads the pepper in the data folder; makes it at the first start, readable by its owner only.
    pub(crate) fn in_data_dir(data_dir: &Path, random: &dyn Random) -> anyhow::Result<Self> {
        let text = read_or_make(&data_dir.join(PEPPER_FILE), || {
            let mut bytes = [0; SHORTEST_PEPPER];
            random.fill(&mut bytes);
            Ok(hex::encode(bytes))
        })?;
        Self::from_setting(text.trim()).with_context(|| format!("{} is damaged", data_dir.join(PEPPER_FILE).display()))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Pepper {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Pepper")
    }
}

/// Reads the signing keys of a file that must exist.
pub(crate) fn signing_keys_from(path: &Path) -> anyhow::Result<SigningKeys> {
    warn_if_others_can_read(path);
    let pem =
        std::fs::read_to_string(path).with_context(|| format!("cannot read SIGNING_KEY_FILE {}", path.display()))?;
    SigningKeys::from_pem(&pem).with_context(|| format!("SIGNING_KEY_FILE {}", path.display()))
}

/// Reads the signing keys in the data folder; makes one at the first start, readable by its owner only.
pub(crate) fn signing_keys_in_data_dir(data_dir: &Path, random: &dyn Random) -> anyhow::Result<SigningKeys> {
    let path = data_dir.join(SIGNING_KEY_FILE);
    let pem = read_or_make(&path, || {
        let mut seed = [0; 32];
        random.fill(&mut seed);
        SigningKeys::new_pem(&seed)
    })?;
    SigningKeys::from_pem(&pem).with_context(|| path.display().to_string())
}

/// Reads a secret file, or makes it so that it is either wholly there or not at all, whatever happens in between.
fn read_or_make(path: &Path, make: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            warn_if_others_can_read(path);
            return Ok(text);
        }
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {}
        Err(fault) => return Err(fault).with_context(|| format!("cannot read {}", path.display())),
    }
    let text = make()?;
    write_private(path, &text).with_context(|| format!("cannot make {}", path.display()))?;
    tracing::info!(path = %path.display(), "made a secret at the first start");
    Ok(text)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let unfinished = PathBuf::from(format!("{}.new", path.display()));
    if unfinished.exists() {
        // Left by a process that died while making it; nobody has used it.
        std::fs::remove_file(&unfinished)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Container platforms mount secrets with modes of their own, so this is a warning, not a refusal.
fn warn_if_others_can_read(path: &Path) {
    if let Ok(metadata) = std::fs::metadata(path)
        && metadata.permissions().mode() & 0o077 != 0
    {
        tracing::warn!(path = %path.display(), "others on this machine can read this secret file; `chmod 600` it");
    }
}

#[cfg(test)]
mod tests {
    use service_kit::SystemRandom;

    use super::*;

    #[test]
    fn secrets_are_made_once_and_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let pepper = Pepper::in_data_dir(folder.path(), &SystemRandom).unwrap();
        let keys = signing_keys_in_data_dir(folder.path(), &SystemRandom).unwrap();

        assert_eq!(Pepper::in_data_dir(folder.path(), &SystemRandom).unwrap(), pepper);
        let again = signing_keys_in_data_dir(folder.path(), &SystemRandom).unwrap();
        assert_eq!(again.public_keys(), keys.public_keys());
        for name in [PEPPER_FILE, SIGNING_KEY_FILE] {
            let mode = std::fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_damaged_secret_is_a_fault_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(PEPPER_FILE), "short").unwrap();
        std::fs::write(folder.path().join(SIGNING_KEY_FILE), "").unwrap();
        assert!(Pepper::in_data_dir(folder.path(), &SystemRandom).is_err());
        assert!(signing_keys_in_data_dir(folder.path(), &SystemRandom).is_err());
        assert_eq!(
            std::fs::read_to_string(folder.path().join(PEPPER_FILE)).unwrap(),
            "short"
        );
    }
}
