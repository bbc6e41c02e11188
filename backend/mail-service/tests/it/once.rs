//! Each mail goes out once.

use protocol::Email;
use protocol::event::{SEND_OTP, SendOtp};
use test_kit::smtp::{Fault, SmtpServer, SmtpSettings};

use super::harness::{NOON, Service, TEN_MINUTES, open_bus, received, settings_for};

#[tokio::test]
async fn an_event_that_was_published_twice_is_one_mail() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("one", "ada@example.org", "111111").await;
    service.order("one", "ada@example.org", "111111").await;
    received(&server, "ada@example.org").await;
    service.order("two", "ben@example.org", "222222").await;
    received(&server, "ben@example.org").await;
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test]
async fn an_event_that_comes_again_after_it_was_mailed_is_not_mailed_again() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let service = Service::start(settings_for(&server, &["--smtp-connections", "1"])).await;
    service.order("one", "ada@example.org", "111111").await;
    received(&server, "ada@example.org").await;
    // The mark is written after the mail server's answer; the next mail on the only connection comes behind it.
    service.order("two", "ben@example.org", "222222").await;
    received(&server, "ben@example.org").await;

    // A queue that has forgotten everything delivers the event a second time.
    let service = service.with_empty_queue().await;
    service.order("one", "ada@example.org", "111111").await;
    service.order("three", "carl@example.org", "333333").await;

    received(&server, "carl@example.org").await;
    assert_eq!(
        server
            .mails()
            .iter()
            .filter(|mail| mail.is_to("ada@example.org"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_mail_that_was_cut_off_by_a_kill_goes_out_after_the_restart() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::Hang));
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("one", "ada@example.org", "111111").await;
    let connected = || (server.connections() > 0).then_some(());
    service.until_with_time("a connection", connected).await;

    server.set_fault(None);
    let _service = service.killed_and_started().await;

    let mail = received(&server, "ada@example.org").await;
    assert_eq!(mail.header("Message-ID").as_deref(), Some("<one@example.org>"));
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn when_the_answer_is_lost_the_double_has_the_same_message_id() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    server.set_fault(Some(Fault::KeepAndClose));
    let service = Service::start(settings_for(&server, &[])).await;
    service.order("one", "ada@example.org", "111111").await;
    let first = received(&server, "ada@example.org").await;
    server.set_fault(None);
    service
        .until_with_time("the second try", || (server.mails().len() > 1).then_some(()))
        .await;
    let second = received(&server, "ada@example.org").await;
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
}

#[tokio::test]
async fn what_was_queued_while_nobody_ran_is_sent_at_the_start() {
    let server = SmtpServer::start(SmtpSettings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let bus = open_bus(folder.path(), &test_kit::clock::SettableClock::at(NOON));
    let order = SendOtp {
        id: "one".to_owned(),
        email: Email::parse("ada@example.org").unwrap(),
        code: "111111".to_owned(),
        workspace: "Analytical Engines".to_owned(),
        expires_at: NOON + TEN_MINUTES,
    };
    bus.publish(SEND_OTP, "one", &order, Some(order.expires_at))
        .await
        .unwrap();
    drop(bus);
    let _service = Service::start_on(folder, settings_for(&server, &[])).await;
    assert_eq!(
        received(&server, "ada@example.org").await.code().as_deref(),
        Some("111111")
    );
}
