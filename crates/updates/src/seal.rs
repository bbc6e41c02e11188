//! Whether a file is what its makers signed, under the name it is offered by.
//!
//! A signature of minisign covers the file and a comment, in which every tool that signs writes the name of the file. The
//! name holds the version, so an old file with its right signature cannot be offered as a new version.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::{PublicKey, Signature};
use semver::Version;

use crate::platform::Platform;

/// The longest signature file, in bytes; an honest one has about 300.
const LONGEST: usize = 4096;

/// Read at a time while a file is checked.
const PART: usize = 64 * 1024;

/// The key that new versions must be signed by.
#[derive(Clone)]
pub struct Key(PublicKey);

/// A signature that claims to be for the file it is offered with. Only [`Key::check`] proves it.
#[derive(Clone)]
pub struct Seal {
    signature: Signature,
    file: String,
}

/// Why a file is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    #[error("the key of this build is not one of minisign: {0}")]
    NotAKey(minisign_verify::Error),
    #[error("this is not a signature of minisign")]
    NotASignature,
    #[error("the signature is for the file {file:?}, which is not version {version} for this installation")]
    ForAnotherFile { file: String, version: Version },
    #[error("the signature is not right: {0}")]
    Wrong(minisign_verify::Error),
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
}

impl Key {
    /// Reads the second line of minisign's `.pub` file.
    pub fn read(text: &str) -> Result<Self, SealFault> {
        PublicKey::from_base64(text.trim())
            .map(Self)
            .map_err(SealFault::NotAKey)
    }

    /// Reads all of the file and says whether this key signed it, with the comment.
    pub fn check(&self, seal: &Seal, file: &mut impl Read) -> Result<(), SealFault> {
        let mut verifier = self.0.verify_stream(&seal.signature).map_err(SealFault::Wrong)?;
        let mut part = vec![0; PART];
        loop {
            match file.read(&mut part)? {
                0 => return verifier.finalize().map_err(SealFault::Wrong),
                read => verifier.update(&part[..read]),
            }
        }
    }
}

impl Seal {
    /// Reads a signature file, as it is or in base64, for this version.
    pub fn read(text: &str, version: &Version, platform: Platform) -> Result<Self, SealFault> {
        if text.len() > LONGEST {
            return Err(SealFault::NotASignature);
        }
        let decoded = STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let text = decoded.as_deref().unwrap_or(text);
        let signature = Signature::decode(text).map_err(|_| SealFault::NotASignature)?;
        let file = signature
            .trusted_comment()
            .split(['\t', ' '])
            .find_map(|field| field.strip_prefix("file:"))
            .unwrap_or_default()
            .to_owned();
        if !platform.has_file(&file, version) {
            let version = version.clone();
            return Err(SealFault::ForAnotherFile { file, version });
        }
        Ok(Self { signature, file })
    }

    /// The name of the file it is for. It is one plain name: of the form that [`Platform::has_file`] knows.
    pub fn file(&self) -> &str {
        &self.file
    }
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;

    use super::*;
    use crate::platform::Kind;

    const HERE: Platform = Platform {
        kind: Kind::AppImage,
        arch: "x86_64",
    };
    const NAME: &str = "loquat_0.2.0_x86_64.AppImage";
    const NEW: Version = Version::new(0, 2, 0);

    fn keys() -> KeyPair {
        KeyPair::generate_unencrypted_keypair().unwrap()
    }

    fn signed(keys: &KeyPair, content: &[u8], name: &str) -> String {
        let comment = format!("timestamp:1700000000\tfile:{name}\tprehashed");
        minisign::sign(None, &keys.sk, content, Some(&comment), None)
            .unwrap()
            .to_string()
    }

    fn key(keys: &KeyPair) -> Key {
        Key::read(&keys.pk.to_base64()).unwrap()
    }

    #[test]
    fn a_signed_file_is_right_and_any_other_content_is_not() {
        let keys = keys();
        let text = signed(&keys, b"content", NAME);
        for text in [text.clone(), STANDARD.encode(&text)] {
            let seal = Seal::read(&text, &NEW, HERE).unwrap();
            key(&keys).check(&seal, &mut &b"content"[..]).unwrap();
            for other in [&b"Content"[..], b"", b"content\0"] {
                let refused = key(&keys).check(&seal, &mut &*other);
                assert!(matches!(refused, Err(SealFault::Wrong(_))));
            }
        }
    }

    #[test]
    fn the_signature_of_another_key_is_wrong() {
        let text = signed(&keys(), b"content", NAME);
        let seal = Seal::read(&text, &NEW, HERE).unwrap();
        let refused = key(&keys()).check(&seal, &mut &b"content"[..]);
        assert!(matches!(refused, Err(SealFault::Wrong(_))));
    }

    #[test]
    fn an_old_signature_is_not_for_a_new_version() {
        let text = signed(&keys(), b"content", "loquat_0.1.0_x86_64.AppImage");
        let refused = Seal::read(&text, &NEW, HERE).err().unwrap();
        assert!(matches!(refused, SealFault::ForAnotherFile { .. }), "{refused}");
    }

    #[test]
    fn a_comment_that_was_changed_is_noticed() {
        let keys = keys();
        let forged = signed(&keys, b"content", "loquat_0.1.0_x86_64.AppImage").replace("_0.1.0_", "_0.2.0_");
        let seal = Seal::read(&forged, &NEW, HERE).unwrap();
        let refused = key(&keys).check(&seal, &mut &b"content"[..]);
        assert!(matches!(refused, Err(SealFault::Wrong(_))));
    }

    #[test]
    fn a_signature_that_names_no_file_is_for_none() {
        let keys = keys();
        let text = minisign::sign(None, &keys.sk, &b"content"[..], Some("hello"), None)
            .unwrap()
            .to_string();
        assert!(matches!(
            Seal::read(&text, &NEW, HERE),
            Err(SealFault::ForAnotherFile { .. })
        ));
    }

    #[test]
    fn rubbish_is_no_signature_and_no_key() {
        for text in [
            "",
            "x",
            "a\nb\nc\nd",
            &"\n".repeat(5000),
            "untrusted comment: x\n////\ntrusted comment: y\n//",
        ] {
            assert!(matches!(Seal::read(text, &NEW, HERE), Err(SealFault::NotASignature)));
        }
        assert!(matches!(Key::read("RWQ"), Err(SealFault::NotAKey(_))));
    }
}
