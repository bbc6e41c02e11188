//! The one TLS provider of this program.

use rustls::{ClientConfig, RootCertStore};

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
