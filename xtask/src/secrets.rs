//! `cargo xtask secrets`: what `compose.yaml` needs and nobody else may know. Nothing that exists is ever replaced.

use std::fs::{self, File, Permissions};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use crate::checkout::Checkout;
use crate::processes;

/// Random bytes of a secret.
const BYTES: usize = 32;

pub(crate) fn make(checkout: &Checkout) -> anyhow::Result<ExitCode> {
    fill_in(checkout.root())?;
    make_signing_key(&checkout.root().join(".secrets"))?;
    println!("\n`docker compose up --build` has what it needs: .env and .secrets/signing-key.pem");
    Ok(ExitCode::SUCCESS)
}

/// A new secret, in hexadecimal digits.
pub(crate) fn random() -> anyhow::Result<String> {
    let mut bytes = [0; BYTES];
    let mut random = File::open("/dev/urandom").context("opening the source of randomness")?;
    random.read_exact(&mut bytes).context("reading randomness")?;
    let (left, right) = bytes.split_at(BYTES / 2);
    let number = |half: &[u8]| half.try_into().map(u128::from_ne_bytes).context("a half has 16 bytes");
    Ok(format!("{:032x}{:032x}", number(left)?, number(right)?))
}

/// Writes a file that is its owner's alone from its first moment on.
pub(crate) fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let fresh = file.with_extension("new");
    let write = || {
        fs::write(&fresh, "")?;
        fs::set_permissions(&fresh, Permissions::from_mode(0o600))?;
        fs::write(&fresh, text)?;
        fs::rename(&fresh, file)
    };
    write().with_context(|| format!("writing {}", file.display()))
}

/// `.env`, from `.env.example` when there is none yet, with a secret behind every name that has nothing.
fn fill_in(root: &Path) -> anyhow::Result<()> {
    let file = root.join(".env");
    let source = if file.exists() {
        file.clone()
    } else {
        root.join(".env.example")
    };
    let text = fs::read_to_string(&source).with_context(|| format!("reading {}", source.display()))?;
    let filled = filled(&text, random)?;
    if source != file || filled != text {
        write(&file, &filled)?;
    }
    Ok(())
}

/// The text with something of `secret` behind every name that has nothing.
pub(crate) fn filled(text: &str, secret: impl Fn() -> anyhow::Result<String>) -> anyhow::Result<String> {
    let mut filled = String::new();
    for line in text.lines() {
        filled.push_str(line);
        if !line.starts_with('#') && line.ends_with('=') {
            filled.push_str(&secret()?);
        }
        filled.push('\n');
    }
    Ok(filled)
}

/// The user in the container may read the file, and nobody else may look into the folder.
fn make_signing_key(folder: &Path) -> anyhow::Result<()> {
    let key = folder.join("signing-key.pem");
    if key.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).context("closing the folder of secrets")?;
    let mut openssl = Command::new("openssl");
    openssl.args(["genpkey", "-algorithm", "ed25519"]);
    let Some(pem) = processes::answer(openssl) else {
        bail!(
            "openssl could not make a key: install openssl, or make {} elsewhere",
            key.display()
        );
    };
    write(&key, &format!("{pem}\n"))?;
    fs::set_permissions(&key, Permissions::from_mode(0o444)).context("letting the service read its key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_empty_is_filled_in() {
        let text = "# A secret:\nPEPPER=\nNAME=Loquat\n# OLD=\n";

        let filled = filled(text, || Ok("s3cret".to_owned())).unwrap();

        assert_eq!(filled, "# A secret:\nPEPPER=s3cret\nNAME=Loquat\n# OLD=\n");
    }

    #[test]
    fn no_two_secrets_are_alike() {
        let secret = random().unwrap();

        assert_eq!(secret.len(), 2 * BYTES);
        assert_ne!(secret, random().unwrap());
    }

    #[test]
    fn what_exists_stays_as_it_is() {
        let root = std::env::temp_dir().join(format!("xtask-secrets-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join(".env.example"), "PEPPER=\n").unwrap();

        fill_in(&root).unwrap();
        let first = fs::read_to_string(root.join(".env")).unwrap();
        fill_in(&root).unwrap();

        assert_eq!(fs::read_to_string(root.join(".env")).unwrap(), first);
        assert_eq!(
            fs::metadata(root.join(".env")).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::remove_dir_all(root).unwrap();
    }
}
