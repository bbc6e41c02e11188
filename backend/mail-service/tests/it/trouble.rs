//! The mail server is away, slow, or says no.

use test_kit::smtp::{Fault, SmtpServer, SmtpSettings};

use super::harness::{Service, TEN_MINUTES, received, settings_for};

#[tokio::test]
async fn a_server_that_is_down_gets_the_mail_when_it_is_back() {
    let mut server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.down().await;
    let service = Service::start(settings_for(&server, &[])).await;
    service.mail_is(true).await;
    service.order("one", "ada@example.org", "111111").await;
    service.mail_is(false).await;
    let reason = service.health.readiness().parts["mail"].clone();
    assert!(reason.contains("cannot connect"), "{reason}");

    server.up().await.unwrap();

    let mail = service
        .until_with_time("the mail", || server.mails().into_iter().next())
        .await;
    assert_eq!(mail.code().as_deref(), Some("111111"));
    service.mail_is(true).await;
    assert!(service.dead_letters().await.is_empty());
}

#[tokio::test]
async fn a_server_that_asks_to_come_back_is_asked_again() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::RefuseRecipient(451)));
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("one", "ada@example.org", "111111").await;
    service.mail_is(false).await;
    assert!(service.dead_letters().await.is_empty());
    server.set_fault(None);
    service
        .until_with_time("the mail", || server.mails().into_iter().next())
        .await;
}

#[tokio::test]
async fn a_server_that_says_never_makes_a_dead_letter_at_once_without_the_address() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::RefuseRecipient(550)));
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("one", "ada@example.org", "111111").await;
    let reason = service.death_of("one").await;
    assert!(reason.contains("550"), "{reason}");
    assert!(
        !reason.contains("ada@example.org") && !reason.contains("111111"),
        "{reason}"
    );

    server.set_fault(Some(Fault::RefuseMail(554)));
    service.order("two", "ada@example.org", "222222").await;
    assert!(service.death_of("two").await.contains("554"));
    service.mail_is(true).await;
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_code_that_expired_while_the_server_was_down_is_never_mailed() {
    let mut server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.down().await;
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("one", "ada@example.org", "111111").await;
    service.mail_is(false).await;
    service.clock.advance_ms(TEN_MINUTES);
    let reason = service.death_of("one").await;
    assert!(reason.contains("expired"), "{reason}");

    server.up().await.unwrap();
    service.order("two", "ben@example.org", "222222").await;
    received(&server, "ben@example.org").await;
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn the_last_try_before_the_code_expires_says_what_was_wrong() {
    let mut server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.down().await;
    let service = Service::start(settings_for(&server, &[])).await;
    service
        .order_until("one", "ada@example.org", "111111", service.clock.now() + 900)
        .await;
    let reason = service.death_of("one").await;
    assert!(
        reason.starts_with("expired after 1 tries") && reason.contains("cannot connect"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_code_that_expired_in_the_queue_is_a_dead_letter() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &[])).await;
    service
        .order_until("one", "ada@example.org", "111111", service.clock.now())
        .await;
    assert_eq!(service.death_of("one").await, "expired");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_and_tried_again() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::Hang));
    let service = Service::start(settings_for(&server, &["--smtp-timeout-s", "1"])).await;
    service.order("one", "ada@example.org", "111111").await;
    service.mail_is(false).await;
    let reason = service.health.readiness().parts["mail"].clone();
    assert!(reason.contains("no answer within 1 s"), "{reason}");
    server.set_fault(None);
    service
        .until_with_time("the mail", || server.mails().into_iter().next())
        .await;
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_connection_that_failed_is_not_used_for_the_next_mail() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &["--smtp-connections", "1"])).await;
    for (id, address) in [
        ("one", "a@example.org"),
        ("two", "b@example.org"),
        ("three", "c@example.org"),
    ] {
        service.order(id, address, "111111").await;
        received(&server, address).await;
    }
    assert_eq!(server.connections(), 1, "mails that go well share a connection");
    server.set_fault(Some(Fault::CloseAfterData));
    service.order("four", "d@example.org", "444444").await;
    service.mail_is(false).await;
    server.set_fault(None);
    service
        .until_with_time("the mail", || (server.mails().len() == 4).then_some(()))
        .await;
    let last = received(&server, "d@example.org").await;
    assert_eq!((last.to.len(), last.code().as_deref()), (1, Some("444444")));
    assert!(server.connections() > 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_dead_letter_and_stops_nobody() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &[])).await;
    service.publish_raw("one", &serde_json::json!({ "id": 7 })).await;
    assert_eq!(service.death_of("one").await, "the event cannot be read");
    service.order("two", "ben@example.org", "222222").await;
    received(&server, "ben@example.org").await;
}
