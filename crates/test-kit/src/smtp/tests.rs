//! The mail server, spoken to line by line as a sender does.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::*;
use crate::wait::PATIENCE;

const MAIL: &str = "From: a@example.org\r\nSubject: Hello\r\n\r\nYour code: 123456\r\n..a dot\r\n.";

/// Says each line and collects the last line of each answer.
async fn speak<S: AsyncRead + AsyncWrite + Unpin>(stream: S, lines: &[&str]) -> std::io::Result<Vec<String>> {
    let mut stream = BufReader::new(stream);
    let mut answers = Vec::new();
    for line in lines {
        stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        answers.push(answer(&mut stream).await?);
    }
    Ok(answers)
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    loop {
        let mut line = String::new();
        let length = tokio::time::timeout(PATIENCE, stream.read_line(&mut line)).await??;
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line.as_bytes().get(3) == Some(&b' ') {
            return Ok(line.trim_end().to_owned());
        }
    }
}

async fn connect(server: &SmtpServer) -> std::io::Result<TcpStream> {
    let mut greeted = BufReader::new(TcpStream::connect(server.address()).await?);
    answer(&mut greeted).await?;
    Ok(greeted.into_inner())
}

async fn send(server: &SmtpServer, to: &str) -> std::io::Result<Vec<String>> {
    let recipient = format!("RCPT TO:<{to}>");
    let lines = [
        "EHLO test",
        "MAIL FROM:<a@example.org>",
        &recipient,
        "DATA",
        MAIL,
        "QUIT",
    ];
    speak(connect(server).await?, &lines).await
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_sent() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let answers = send(&server, "ben@example.org").await.unwrap();
    assert_eq!(answers[4], "250 kept");

    let mail = server.next_mail("ben@example.org", PATIENCE).await.unwrap();

    assert_eq!(
        (mail.greeted_as.as_str(), mail.from.as_str()),
        ("test", "a@example.org")
    );
    assert_eq!(mail.code().as_deref(), Some("123456"));
    assert_eq!(mail.header("Subject").as_deref(), Some("Hello"));
    assert!(mail.raw.ends_with("\r\n.a dot\r\n"), "got {:?}", mail.raw);
    let again = server.next_mail("ben@example.org", Duration::from_millis(20)).await;
    assert!(again.is_err(), "handed out twice: {again:?}");
}

#[tokio::test]
async fn faults_are_switched_on_and_off() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::RefuseRecipient(451)));
    assert!(send(&server, "ben@example.org").await.unwrap()[2].starts_with("451 "));
    server.set_fault(Some(Fault::RefuseMail(550)));
    assert!(send(&server, "ben@example.org").await.unwrap()[4].starts_with("550 "));
    server.set_fault(Some(Fault::CloseAfterData));
    assert!(send(&server, "ben@example.org").await.is_err());
    assert!(server.mails().is_empty());
    server.set_fault(Some(Fault::KeepAndClose));
    assert!(send(&server, "ben@example.org").await.is_err());
    server.set_fault(None);
    send(&server, "ben@example.org").await.unwrap();
    assert_eq!(server.mails().len(), 2);
    assert_eq!(server.connections(), 5);
}

#[tokio::test]
async fn a_server_that_was_down_comes_back_on_the_same_port() {
    let mut server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.down().await;
    assert!(send(&server, "ben@example.org").await.is_err());
    server.up().await.unwrap();
    assert_eq!(send(&server, "ben@example.org").await.unwrap()[4], "250 kept");
}

#[tokio::test]
async fn only_who_logged_in_may_send() {
    let credentials = Some(("ada".to_owned(), "secret".to_owned()));
    let settings = SmtpSettings {
        credentials,
        size_limit: Some(500),
        ..SmtpSettings::default()
    };
    let server = SmtpServer::start(settings).await.unwrap();
    let lines = [
        "EHLO test",
        "MAIL FROM:<a@example.org>",
        "AUTH PLAIN AGFkYQB3cm9uZw==",
        "AUTH PLAIN AGFkYQBzZWNyZXQ=",
        "AUTH LOGIN",
        "YWRh",
        "c2VjcmV0",
        "MAIL FROM:<a@example.org> SIZE=501",
        "MAIL FROM:<a@example.org> SIZE=500",
    ];
    let answers = speak(connect(&server).await.unwrap(), &lines).await.unwrap();
    let codes: Vec<&str> = answers.iter().map(|answer| &answer[..3]).collect();
    assert_eq!(codes, ["250", "530", "535", "235", "334", "334", "235", "552", "250"]);
}

#[tokio::test]
async fn starttls_encrypts_with_a_certificate_one_can_trust() {
    let settings = SmtpSettings {
        starttls: true,
        ..SmtpSettings::default()
    };
    let server = SmtpServer::start(settings).await.unwrap();
    let pem = server.certificate_pem().unwrap();
    let mut roots = RootCertStore::empty();
    roots
        .add(rustls::pki_types::CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
        .unwrap();
    let trusting = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut plain = connect(&server).await.unwrap();
    assert_eq!(
        speak(&mut plain, &["EHLO test", "STARTTLS"]).await.unwrap()[1],
        "220 go ahead"
    );

    let name = ServerName::try_from("localhost").unwrap();
    let encrypted = TlsConnector::from(Arc::new(trusting))
        .connect(name, plain)
        .await
        .unwrap();
    let lines = [
        "EHLO test",
        "MAIL FROM:<a@example.org>",
        "RCPT TO:<ben@example.org>",
        "DATA",
        MAIL,
    ];
    speak(encrypted, &lines).await.unwrap();

    assert!(server.next_mail("ben@example.org", PATIENCE).await.unwrap().encrypted);
}
