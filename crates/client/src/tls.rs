//! The one TLS provider of this program, and its complaints.

use std::error::Error;

use rustls::{CertificateError, ClientConfig, RootCertStore};

/// Makes ring the provider of the process. Does nothing when a provider is already chosen.
pub(crate) fn install() {
    // An error says that another part of the program was first, with the same provider.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Settings that trust nobody, for a server that is spoken to without TLS: a machine that has no certificates at all
/// must not be kept from that.
pub(crate) fn unused() -> ClientConfig {
    install();
    ClientConfig::builder()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth()
}

/// What is wrong with the server's certificate, if that is what an error is about.
pub(crate) fn certificate_fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(fault)) = error.downcast_ref::<rustls::Error>() {
            return Some(in_words(fault).to_owned());
        }
        // An I/O error hides what it wraps from `source`, giving the source of that instead.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn in_words(fault: &CertificateError) -> &'static str {
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::Revoked => "it was revoked",
        CertificateError::UnknownIssuer => "its issuer is not known to this device",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "it is for another name",
        CertificateError::BadSignature => "its signature is wrong",
        _ => "it is not a certificate for a server",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_found_at_fault_below_other_errors() {
        let fault = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let hidden = std::io::Error::other(std::io::Error::other(fault));
        assert_eq!(certificate_fault(&hidden).as_deref(), Some("it has expired"));
    }

    #[test]
    fn an_error_of_the_network_is_not_about_a_certificate() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(certificate_fault(&refused), None);
    }
}
