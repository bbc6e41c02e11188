//! Invitations go out as codes do: once, and never when they have expired.

use test_kit::smtp::{Fault, SmtpServer, SmtpSettings};
use test_kit::wait::{PATIENCE, until};

use super::harness::{Service, received, settings_for};

const CODE: &str = "abcdefghijklmnopqrstuvwx23";
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

async fn invite(service: &Service, id: &str, address: &str) {
    service
        .invite_until(id, address, CODE, service.clock.now() + WEEK_MS)
        .await;
}

async fn death(service: &Service) -> String {
    let look = async || service.dead_invitations().await.pop();
    until("a dead letter", PATIENCE, look).await.unwrap().reason
}

#[tokio::test]
async fn an_invitation_has_both_parts_with_link_and_code() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &[])).await;
    invite(&service, "invitation_1", "ben@example.org").await;
    let mail = received(&server, "ben@example.org").await;
    let subject = mail.header("Subject");
    assert_eq!(
        subject.as_deref(),
        Some("Ada Lovelace invites you to Analytical Engines")
    );
    assert_eq!(mail.header("Message-ID").as_deref(), Some("<invitation_1@example.org>"));
    let text = mail.text().unwrap();
    let link = format!("loquat://join?server=https%3A%2F%2Fchat.example.org&code={CODE}");
    for line in [link.as_str(), CODE] {
        assert!(text.lines().any(|text| text.trim() == line), "{text}");
    }
    assert!(text.contains("7 days"), "{text}");
    let html = mail.html().unwrap();
    assert!(html.contains(CODE) && html.contains("Ada Lovelace") && html.contains("href=\"loquat://join?"));
}

#[tokio::test]
async fn an_invitation_that_was_ordered_twice_is_one_mail_also_over_a_restart() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &["--smtp-connections", "1"])).await;
    invite(&service, "one", "ben@example.org").await;
    invite(&service, "one", "ben@example.org").await;
    received(&server, "ben@example.org").await;
    // The mark is written after the mail server's answer; the next mail on the only connection comes behind it.
    invite(&service, "two", "cleo@example.org").await;
    received(&server, "cleo@example.org").await;
    // A queue that has forgotten everything delivers the event a second time.
    let service = service.with_empty_queue().await;
    invite(&service, "one", "ben@example.org").await;
    invite(&service, "three", "dora@example.org").await;
    received(&server, "dora@example.org").await;
    assert_eq!(server.mails().len(), 3);
}

#[tokio::test]
async fn an_invitation_that_expired_is_never_mailed() {
    let mut server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.down().await;
    let service = Service::start(settings_for(&server, &[])).await;
    invite(&service, "one", "ben@example.org").await;
    service.mail_is(false).await;
    service.clock.advance_ms(WEEK_MS);
    assert!(death(&service).await.contains("expired"));
    server.up().await.unwrap();
    invite(&service, "two", "cleo@example.org").await;
    received(&server, "cleo@example.org").await;
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_refused_invitation_is_a_dead_letter_without_address_or_code() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::RefuseRecipient(550)));
    let service = Service::start(settings_for(&server, &[])).await;
    invite(&service, "one", "ben@example.org").await;
    let reason = death(&service).await;
    assert!(reason.contains("550"), "{reason}");
    assert!(
        !reason.contains("ben@example.org") && !reason.contains(CODE),
        "{reason}"
    );
}

#[tokio::test]
async fn codes_and_invitations_go_out_beside_each_other() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &["--smtp-connections", "1"])).await;
    for number in 0..5 {
        invite(&service, &format!("i{number}"), &format!("guest{number}@example.org")).await;
        let address = format!("person{number}@example.org");
        service.order(&format!("c{number}"), &address, "111111").await;
    }
    for number in 0..5 {
        received(&server, &format!("guest{number}@example.org")).await;
        received(&server, &format!("person{number}@example.org")).await;
    }
    assert_eq!(server.mails().len(), 10);
}
