//! Why a server cannot be reached, told apart by what a person can do about it.

use std::error::Error;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use super::certificate::CertificateFault;
use super::reach::{ReachError, reach};
use super::{CONNECT_TIMEOUT, Network, Route};
use crate::view::Failure;

/// What is wrong with the proxy between this device and its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum ProxyFault {
    /// It wants a name and a password, and none are known.
    #[error("it wants a name and a password")]
    LoginNeeded,
    /// It does not accept the name and the password.
    #[error("it does not accept the name and the password")]
    LoginWrong,
    /// Nobody answers there.
    #[error("it cannot be reached: {detail}")]
    Unreachable { detail: String },
    /// It does not let this device go to the server.
    #[error("it refuses: {detail}")]
    Refused { detail: String },
    /// What answers there does not speak as this kind of proxy does.
    #[error("it does not answer as a proxy: {detail}")]
    NoProxy { detail: String },
    /// Its own certificate is not trusted.
    #[error("its certificate is not trusted: {certificate}")]
    Certificate { certificate: Box<CertificateFault> },
    /// It is of a kind that this program cannot speak to.
    #[error("it is of an unknown kind")]
    Unsupported,
}

impl ProxyFault {
    pub(crate) fn wants_login(has_login: bool) -> Self {
        if has_login { Self::LoginWrong } else { Self::LoginNeeded }
    }
}

/// What is wrong with the certificate, if that is what an error is about.
pub(crate) fn certificate_fault(error: &(dyn Error + 'static)) -> Option<CertificateFault> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(fault)) = error.downcast_ref::<rustls::Error>() {
            return Some(CertificateFault::carried_by(fault));
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

/// What an error on the way to `address` means. Behind a proxy the proxy is asked once more, because a client of HTTP
/// does not say which of the two failed.
pub(crate) async fn failure_of(
    network: &Network,
    route: &Route,
    address: &str,
    error: &(dyn Error + Send + Sync + 'static),
) -> Failure {
    if let Some(certificate) = certificate_fault(error) {
        return not_trusted(address, certificate);
    }
    let mut innermost: &(dyn Error + 'static) = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let detail = innermost.to_string();
    if !matches!(route, Route::Direct)
        && let Ok(url) = Url::parse(address)
        && let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default())
    {
        let host = host.trim_matches(['[', ']']);
        let asked = tokio::time::timeout(CONNECT_TIMEOUT, reach(network, route, host, port)).await;
        if let Ok(Err(error)) = asked {
            return of_reach(address, error);
        }
    }
    Failure::Unreachable {
        address: address.to_owned(),
        detail,
    }
}

/// What it means that there is no stream to `address`.
pub(crate) fn of_reach(address: &str, error: ReachError) -> Failure {
    match error {
        ReachError::Proxy { proxy, fault } => Failure::Proxy { proxy, fault },
        ReachError::Unreachable(error) => Failure::Unreachable {
            address: address.to_owned(),
            detail: error.to_string(),
        },
    }
}

pub(crate) fn not_trusted(address: &str, certificate: CertificateFault) -> Failure {
    Failure::CertificateNotTrusted {
        address: address.to_owned(),
        certificate: Box::new(certificate),
    }
}

#[cfg(test)]
mod tests {
    use rustls::CertificateError;

    use super::*;
    use crate::network::CertificateProblem;

    #[test]
    fn a_certificate_is_found_at_fault_below_other_errors() {
        let fault = rustls::Error::InvalidCertificate(CertificateError::Revoked);
        let hidden = std::io::Error::other(std::io::Error::other(fault));
        let found = certificate_fault(&hidden).map(|fault| fault.problem);
        assert_eq!(found, Some(CertificateProblem::Revoked));
    }

    #[test]
    fn an_error_of_the_network_is_not_about_a_certificate() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(certificate_fault(&refused), None);
    }
}
