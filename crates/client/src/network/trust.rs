//! Whom this device trusts: the certificate authorities of the system, and those of one more file.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::NetworkError;
use super::certificate::CertificateFault;

/// The largest file of certificate authorities that is read: the list of a whole system has a quarter of a megabyte.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// What is wrong with the file of more certificate authorities. Those of the system count all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CaFault {
    pub file: String,
    pub problem: CaProblem,
}

/// Why such a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum CaProblem {
    #[error("it cannot be read: {detail}")]
    Unreadable { detail: String },
    /// There is nothing in it that begins as a certificate in PEM does.
    #[error("it holds no certificate in PEM")]
    NoCertificate,
    /// The certificate of this number, counted from one, is broken.
    #[error("its certificate number {number} is broken: {detail}")]
    Broken { number: usize, detail: String },
}

/// Who is trusted.
pub(super) struct Trust {
    verifier: Arc<Telling>,
    fault: Option<CaFault>,
}

impl Trust {
    /// Reads the system's certificates, and the file's.
    pub(super) fn read(extra: Option<&Path>) -> Result<Self, NetworkError> {
        let (roots, fault) = match extra.map(|file| (file, read_file(file))) {
            None => (Vec::new(), None),
            Some((_, Ok(roots))) => (roots, None),
            Some((file, Err(problem))) => {
                let file = file.display().to_string();
                tracing::warn!(%file, %problem, "the file of more certificate authorities is not used");
                (Vec::new(), Some(CaFault { file, problem }))
            }
        };
        let verifier = Verifier::new_with_extra_roots(roots, Arc::new(ring::default_provider()))
            .map_err(|error| NetworkError::Trust(error.to_string()))?;
        Ok(Self {
            verifier: Arc::new(Telling(verifier)),
            fault,
        })
    }

    pub(super) fn fault(&self) -> Option<&CaFault> {
        self.fault.as_ref()
    }

    pub(super) fn config(&self) -> ClientConfig {
        crate::tls::install();
        let verifier: Arc<dyn ServerCertVerifier> = Arc::clone(&self.verifier) as _;
        ClientConfig::builder()
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth()
    }
}

fn read_file(file: &Path) -> Result<Vec<CertificateDer<'static>>, CaProblem> {
    let unreadable = |error: std::io::Error| CaProblem::Unreadable {
        detail: error.to_string(),
    };
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > LARGEST_FILE {
        return Err(unreadable(std::io::ErrorKind::FileTooLarge.into()));
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let mut known = RootCertStore::empty();
    let mut roots = Vec::new();
    for (index, certificate) in CertificateDer::pem_slice_iter(&bytes).enumerate() {
        let broken = |detail: String| CaProblem::Broken {
            number: index + 1,
            detail,
        };
        let certificate = certificate.map_err(|error| broken(error.to_string()))?;
        known
            .add(certificate.clone())
            .map_err(|error| broken(error.to_string()))?;
        roots.push(certificate);
    }
    if roots.is_empty() {
        return Err(CaProblem::NoCertificate);
    }
    Ok(roots)
}

/// The verifier of the system, which also tells whose certificate it does not trust.
#[derive(Debug)]
struct Telling(Verifier);

impl ServerCertVerifier for Telling {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.0
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| match error {
                Error::InvalidCertificate(fault) => {
                    Error::InvalidCertificate(CertificateFault::of(&fault, end_entity, now).carried())
                }
                other => other,
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(content: &[u8]) -> CaProblem {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, content).unwrap();
        read_file(&file).unwrap_err()
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_what_is_wrong_in_it() {
        assert_eq!(problem(b"Just a text.\n"), CaProblem::NoCertificate);
        let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(problem(broken), CaProblem::Broken { number: 1, .. }));
        let missing = read_file(Path::new("/nowhere/ca.pem")).unwrap_err();
        assert!(matches!(missing, CaProblem::Unreadable { .. }), "{missing}");
    }

    #[test]
    fn a_bad_file_takes_nothing_of_the_system_away() {
        let trust = Trust::read(Some(Path::new("/nowhere/ca.pem"))).unwrap();
        let fault = trust.fault().unwrap();
        assert_eq!(fault.file, "/nowhere/ca.pem");
    }
}
