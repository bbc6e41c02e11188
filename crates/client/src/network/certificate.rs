//! What is wrong with a certificate, and whose it is: everything that somebody needs who is to put it right.

use std::sync::Arc;

use protocol::UnixMs;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, OtherError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

/// Names of a certificate that are shown; some have hundreds.
const MOST_NAMES: usize = 20;
/// The longest text of a certificate that is shown, in characters. Whoever made it wrote it.
const LONGEST_TEXT: usize = 200;

/// A certificate that is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{problem:?}, of {subject:?} by {issuer:?}, SHA-256 {fingerprint}")]
pub struct CertificateFault {
    pub problem: CertificateProblem,
    /// Whose it is; blank when it cannot be read.
    pub subject: String,
    /// Who says so.
    pub issuer: String,
    /// The names of servers that it is for.
    pub names: Vec<String>,
    pub valid_from: Option<UnixMs>,
    pub valid_until: Option<UnixMs>,
    /// SHA-256 of the whole, as browsers show it.
    pub fingerprint: String,
    /// When it was looked at, by the clock of this device.
    pub looked_at: UnixMs,
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CertificateProblem {
    Expired,
    NotYetValid,
    /// It is for other servers.
    WrongName,
    /// Nobody whom this device trusts has signed it.
    UnknownIssuer,
    /// It is signed by itself, and this device was not told to trust it.
    SelfSigned,
    Revoked,
    WrongSignature,
    /// It is no certificate for a server, or one that cannot be read.
    Unusable,
}

impl CertificateFault {
    /// What is wrong with the first certificate of a server.
    pub(super) fn of(error: &CertificateError, certificate: &CertificateDer<'_>, now: UnixTime) -> Self {
        let mut fault = Self::bare(problem(error));
        fault.fingerprint = fingerprint(certificate);
        fault.looked_at = UnixMs::try_from(now.as_secs()).unwrap_or(0).saturating_mul(1000);
        if let Ok((_, read)) = X509Certificate::from_der(certificate) {
            fault.subject = shown(&read.subject().to_string());
            fault.issuer = shown(&read.issuer().to_string());
            fault.names = names(&read);
            fault.valid_from = Some(read.validity().not_before.timestamp().saturating_mul(1000));
            fault.valid_until = Some(read.validity().not_after.timestamp().saturating_mul(1000));
            if fault.problem == CertificateProblem::UnknownIssuer && read.subject() == read.issuer() {
                fault.problem = CertificateProblem::SelfSigned;
            }
        }
        fault
    }

    /// This fault inside an error of TLS, where [`CertificateFault::carried_by`] finds it.
    pub(super) fn carried(self) -> CertificateError {
        CertificateError::Other(OtherError(Arc::new(self)))
    }

    /// The fault that an error of TLS carries; as much as is known of one that carries none.
    pub(super) fn carried_by(error: &CertificateError) -> Self {
        let carried = match error {
            CertificateError::Other(OtherError(inner)) => inner.downcast_ref::<Self>().cloned(),
            _ => None,
        };
        carried.unwrap_or_else(|| Self::bare(problem(error)))
    }

    fn bare(problem: CertificateProblem) -> Self {
        Self {
            problem,
            subject: String::new(),
            issuer: String::new(),
            names: Vec::new(),
            valid_from: None,
            valid_until: None,
            fingerprint: String::new(),
            looked_at: 0,
        }
    }
}

/// Who says whose a certificate is.
pub(crate) fn issuer(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    Some(shown(&read.issuer().to_string()))
}

fn problem(error: &CertificateError) -> CertificateProblem {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateProblem::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => CertificateProblem::NotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateProblem::WrongName
        }
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        CertificateError::Revoked => CertificateProblem::Revoked,
        CertificateError::BadSignature => CertificateProblem::WrongSignature,
        _ => CertificateProblem::Unusable,
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let named = extension.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(shown(name)),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    });
    named.take(MOST_NAMES).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    let four: Result<[u8; 4], _> = bytes.try_into();
    let sixteen: Result<[u8; 16], _> = bytes.try_into();
    match (four, sixteen) {
        (Ok(four), _) => Some(std::net::Ipv4Addr::from(four).to_string()),
        (_, Ok(sixteen)) => Some(std::net::Ipv6Addr::from(sixteen).to_string()),
        _ => None,
    }
}

/// A text of a stranger, short enough and without anything that moves the rest of a line.
fn shown(text: &str) -> String {
    let plain = text.chars().filter(|character| !is_trick(*character));
    plain.take(LONGEST_TEXT).collect()
}

/// Whether a character is not seen, or changes the direction of others.
fn is_trick(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let bytes = Sha256::digest(certificate);
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_wrote_cannot_turn_a_line_around() {
        let long = "x".repeat(1000);
        assert_eq!(shown("CN=\u{202e}gro\u{0007}.example"), "CN=gro.example");
        assert_eq!(shown(&long).len(), LONGEST_TEXT);
    }

    #[test]
    fn what_is_no_certificate_has_a_fingerprint_all_the_same() {
        let nonsense = CertificateDer::from(vec![1, 2, 3]);
        let fault = CertificateFault::of(
            &CertificateError::BadEncoding,
            &nonsense,
            UnixTime::since_unix_epoch(std::time::Duration::from_secs(7)),
        );
        assert_eq!((fault.problem, fault.looked_at), (CertificateProblem::Unusable, 7000));
        assert!(fault.fingerprint.starts_with("03:90:58:C6"), "{}", fault.fingerprint);
        assert_eq!(CertificateFault::carried_by(&fault.clone().carried()), fault);
    }
}
