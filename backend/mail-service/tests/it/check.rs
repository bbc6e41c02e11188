//! `smtp-check` says what is wrong, and what to do.

use mail_service::smtp_check;
use test_kit::smtp::{Fault, SmtpServer, SmtpSettings};

use super::harness::settings;

async fn checked(url: &str, more: &[&str]) -> Result<String, String> {
    let mut arguments = vec![
        "--smtp-url",
        url,
        "--mail-from",
        "chat@example.org",
        "--smtp-timeout-s",
        "2",
    ];
    arguments.extend(more);
    smtp_check(&settings(&arguments), None)
        .await
        .map_err(|fault| fault.to_string())
}

async fn server(starttls: bool, login: bool) -> SmtpServer {
    let credentials = login.then(|| ("ada".to_owned(), "secret".to_owned()));
    SmtpServer::start(SmtpSettings {
        starttls,
        credentials,
        ..SmtpSettings::default()
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn good_settings_are_praised_and_no_mail_is_sent() {
    let server = server(false, true).await;
    let url = format!("smtp://ada:secret@localhost:{}?tls=none", server.address().port());
    let finding = checked(&url, &[]).await.unwrap();
    assert!(
        finding.contains("without encryption") && finding.contains("the login works"),
        "{finding}"
    );
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn every_fault_of_the_settings_is_named() {
    let finding = smtp_check(&settings(&[]), None).await.unwrap_err().to_string();
    assert!(
        finding.contains("SMTP_URL is missing") && finding.contains("MAIL_FROM is missing"),
        "{finding}"
    );
}

#[tokio::test]
async fn a_closed_port_is_named() {
    let mut server = server(false, false).await;
    server.down().await;
    let finding = checked(&server.url(), &[]).await.unwrap_err();
    assert!(
        finding.contains("cannot connect") && finding.contains("Check host and port"),
        "{finding}"
    );
}

#[tokio::test]
async fn missing_encryption_is_named() {
    let server = server(false, false).await;
    let finding = checked(&format!("smtp://localhost:{}", server.address().port()), &[])
        .await
        .unwrap_err();
    assert!(
        finding.contains("does not offer STARTTLS") && finding.contains("tls=none"),
        "{finding}"
    );
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_named() {
    let server = server(true, false).await;
    let finding = checked(&server.url(), &[]).await.unwrap_err();
    assert!(
        finding.contains("no encrypted connection") && finding.contains("SMTP_CA_FILE"),
        "{finding}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_named_and_not_shown() {
    let server = server(false, true).await;
    let url = format!("smtp://ada:hunter2@localhost:{}?tls=none", server.address().port());
    let finding = checked(&url, &[]).await.unwrap_err();
    assert!(finding.contains("refused the user or the password"), "{finding}");
    assert!(!finding.contains("hunter2"), "{finding}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_named() {
    let server = server(false, false).await;
    server.set_fault(Some(Fault::Hang));
    let finding = checked(&server.url(), &[]).await.unwrap_err();
    assert!(finding.contains("no answer within 2 s"), "{finding}");
}
