//! What arrives.

use test_kit::smtp::{SmtpServer, SmtpSettings};

use super::harness::{Service, received, settings_for};

#[tokio::test]
async fn the_mail_has_both_parts_and_the_headers_that_mail_servers_want() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("otp_1", "ada@example.org", "042137").await;
    let mail = received(&server, "ada@example.org").await;

    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("chat@example.org", &["ada@example.org".to_owned()][..])
    );
    assert_eq!(mail.greeted_as, "localhost");
    assert_eq!(mail.code().as_deref(), Some("042137"));
    assert!(mail.html().unwrap().contains("042137"));
    assert_eq!(
        mail.header("Subject").as_deref(),
        Some("Your sign-in code for Analytical Engines")
    );
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("Message-ID").as_deref(), Some("<otp_1@example.org>"));
    assert!(mail.header("From").unwrap().contains("Loquat"));
    // Noon of day 20,000.
    assert_eq!(mail.header("Date").as_deref(), Some("Fri, 04 Oct 2024 12:00:00 +0000"));
    assert!(
        mail.header("Content-Type")
            .unwrap()
            .starts_with("multipart/alternative")
    );
}

#[tokio::test]
async fn the_greeting_can_be_named() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let url = format!("{}&ehlo=chat.example.org", server.url());
    let settings = super::harness::settings(&["--smtp-url", &url, "--mail-from", "chat@example.org"]);
    let service = Service::start(settings).await;
    service.order("otp_1", "ada@example.org", "042137").await;
    assert_eq!(
        received(&server, "ada@example.org").await.greeted_as,
        "chat.example.org"
    );
}
