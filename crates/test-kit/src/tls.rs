//! Certificates that are right, or wrong in one way, and TLS in front of a server that speaks none.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// A certificate authority of a company, that no system knows.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// When a certificate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From 2020 until 2090.
    Now,
    /// It ended with 2020.
    Over,
    /// From 2090 on.
    Later,
}

/// A certificate and its key, for a server.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Authority {
    /// A new one of this name.
    pub fn new(name: &str) -> io::Result<Self> {
        let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)?;
        Ok(Self(issuer))
    }

    /// Its own certificate, for those who are to trust it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for servers of these names.
    pub fn issue(&self, names: &[&str], validity: Validity) -> io::Result<Identity> {
        let params = params(names, validity)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.signed_by(&key, &self.0).map_err(io::Error::other)?;
        Ok(Identity {
            certificate: certificate.der().clone(),
            key,
        })
    }
}

/// A certificate that nobody vouches for but itself.
pub fn self_signed(names: &[&str]) -> io::Result<Identity> {
    let params = params(names, Validity::Now)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.self_signed(&key).map_err(io::Error::other)?;
    Ok(Identity {
        certificate: certificate.der().clone(),
        key,
    })
}

fn params(names: &[&str], validity: Validity) -> io::Result<CertificateParams> {
    let owned: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(owned).map_err(io::Error::other)?;
    params
        .distinguished_name
        .push(DnType::CommonName, names.first().copied().unwrap_or_default());
    let (from, until) = match validity {
        Validity::Now => (2020, 2090),
        Validity::Over => (2019, 2020),
        Validity::Later => (2090, 2091),
    };
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 12, 31);
    Ok(params)
}

/// TLS in front of a server that speaks none. Dropping it cuts everything.
#[derive(Debug)]
pub struct TlsFront {
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

impl TlsFront {
    /// Accepts TLS under this identity, and passes on to the server what it holds.
    pub async fn start(identity: &Identity, server: SocketAddr) -> io::Result<Self> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate.clone()], key)
            .map_err(io::Error::other)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, TlsAcceptor::from(Arc::new(config)), server));
        Ok(Self { address, _tasks: tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, server: SocketAddr) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        open.spawn(async move {
            // A client that does not trust the certificate goes away in the middle of the handshake.
            let Ok(mut inside) = acceptor.accept(stream).await else {
                return;
            };
            if let Ok(mut behind) = TcpStream::connect(server).await {
                drop(copy_bidirectional(&mut inside, &mut behind).await);
            }
        });
    }
}
