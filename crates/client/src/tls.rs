//! The one TLS provider of this program, and its complaints.

use std::error::Error;

/// Makes ring the provider of the process. Does nothing when a provider is already chosen.
pub(crate) fn install() {
    // An error says that another part of the program was first, with the same provider.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// What is wrong with the server's certificate, if that is what an error is about.
pub(crate) fn certificate_fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(fault)) = error.downcast_ref::<rustls::Error>() {
            return Some(fault.to_string());
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
