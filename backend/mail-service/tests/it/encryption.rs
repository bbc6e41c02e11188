//! Nothing goes out in the clear unless that was asked for.

use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use test_kit::smtp::{SmtpServer, SmtpSettings};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::harness::{Service, received, settings};

const FROM: &str = "chat@example.org";

async fn starttls_server(credentials: Option<(&str, &str)>) -> (SmtpServer, tempfile::NamedTempFile) {
    let credentials = credentials.map(|(user, password)| (user.to_owned(), password.to_owned()));
    let smtp = SmtpSettings {
        starttls: true,
        credentials,
        ..SmtpSettings::default()
    };
    let server = SmtpServer::start(smtp).await.unwrap();
    let authority = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(authority.path(), server.certificate_pem().unwrap()).unwrap();
    (server, authority)
}

#[tokio::test]
async fn starttls_is_used_with_a_login_whose_special_characters_are_encoded() {
    let (server, authority) = starttls_server(Some(("ada@example.org", "p/a+s:s%"))).await;
    let url = format!(
        "smtp://ada%40example.org:p%2Fa+s%3As%25@localhost:{}",
        server.address().port()
    );
    let ca = authority.path().to_str().unwrap();
    let service = Service::start(settings(&[
        "--smtp-url",
        &url,
        "--mail-from",
        FROM,
        "--smtp-ca-file",
        ca,
    ]))
    .await;
    service.order("one", "ben@example.org", "111111").await;
    let mail = received(&server, "ben@example.org").await;
    assert!(mail.encrypted);
    assert_eq!(mail.user.as_deref(), Some("ada@example.org"));
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let url = format!("smtp://localhost:{}", server.address().port());
    let service = Service::start(settings(&["--smtp-url", &url, "--mail-from", FROM])).await;
    service.order("one", "ben@example.org", "111111").await;
    service.mail_is(false).await;
    let reason = service.health.readiness().parts["mail"].clone();
    assert!(reason.contains("does not offer STARTTLS"), "{reason}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_nothing() {
    let (server, _authority) = starttls_server(None).await;
    let url = format!("smtp://localhost:{}", server.address().port());
    let service = Service::start(settings(&["--smtp-url", &url, "--mail-from", FROM])).await;
    service.order("one", "ben@example.org", "111111").await;
    service.mail_is(false).await;
    let reason = service.health.readiness().parts["mail"].clone();
    assert!(reason.contains("no encrypted connection"), "{reason}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn smtps_is_encrypted_from_the_first_byte() {
    let plain = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let (front, authority) = TlsFront::before(&plain).await;
    let url = format!("smtps://localhost:{}", front.port);
    let ca = authority.path().to_str().unwrap();
    let service = Service::start(settings(&[
        "--smtp-url",
        &url,
        "--mail-from",
        FROM,
        "--smtp-ca-file",
        ca,
    ]))
    .await;
    service.order("one", "ben@example.org", "111111").await;
    assert_eq!(
        received(&plain, "ben@example.org").await.code().as_deref(),
        Some("111111")
    );
}

/// Takes TLS off and passes on, so that a plain server is one for smtps.
struct TlsFront {
    port: u16,
    _running: JoinSet<()>,
}

impl TlsFront {
    async fn before(server: &SmtpServer) -> (Self, tempfile::NamedTempFile) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let authority = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(authority.path(), made.cert.pem()).unwrap();

        let (acceptor, target) = (TlsAcceptor::from(Arc::new(config)), server.address());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut running = JoinSet::new();
        running.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut encrypted) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut plain = TcpStream::connect(target).await.unwrap();
                drop(tokio::io::copy_bidirectional(&mut encrypted, &mut plain).await);
            }
        });
        (
            Self {
                port,
                _running: running,
            },
            authority,
        )
    }
}
