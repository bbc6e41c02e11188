//! Coming back: every client ends with the same dense log, wherever it was cut off.

use chat_service::settings::Settings;
use protocol::frame::ServerFrame;
use protocol::{ClientId, Entry};

use crate::harness::{Service, body, cursor, settings};

#[tokio::test]
async fn a_client_gets_exactly_what_it_missed() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let seen = service.message(&ada, &conversation.id, "seen").await;
    for number in 2..=6 {
        service.message(&ada, &conversation.id, &number.to_string()).await;
    }
    let mut socket = service.connect(&ben).await;
    socket.hello(vec![cursor(&conversation.epoch, &seen)]).await;
    for seq in 2..=6 {
        let ServerFrame::Entry { entry, epoch } = socket.next().await else {
            panic!("entries, one after the other")
        };
        assert_eq!((entry.seq, epoch), (seq, conversation.epoch.clone()));
    }
    service.message(&ada, &conversation.id, "live").await;
    assert_eq!(body(&socket.entry(&conversation.id).await), "live");
}

/// More than waits for the network at a time, once from the frame log and once from the store.
#[tokio::test]
async fn what_was_missed_arrives_however_large_it_is() {
    for frame_log_bytes in [64 * 1024 * 1024, 1024] {
        let service = Service::with(Settings {
            frame_log_bytes,
            ..settings()
        })
        .await;
        let [ada, ben] = service.people().await;
        let conversation = service.direct(&ada, &ben).await;
        let seen = service.message(&ada, &conversation.id, "seen").await;
        for _ in 0..40 {
            service.message(&ada, &conversation.id, &"x".repeat(15_000)).await;
        }
        let mut socket = service.connect(&ben).await;
        socket.hello(vec![cursor(&conversation.epoch, &seen)]).await;
        for seq in 2..=41 {
            assert_eq!(socket.entry(&conversation.id).await.seq, seq);
        }
    }
}

#[tokio::test]
async fn a_client_that_has_everything_gets_nothing() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let seen = service.message(&ada, &conversation.id, "seen").await;
    let mut socket = service.connect(&ben).await;
    socket.hello(vec![cursor(&conversation.epoch, &seen)]).await;
    service.message(&ada, &conversation.id, "new").await;
    assert!(matches!(socket.next().await, ServerFrame::Entry { entry, .. } if body(&entry) == "new"));
}

#[tokio::test]
async fn a_copy_that_does_not_match_begins_with_the_newest_page() {
    let service = Service::with(Settings {
        resume_entries: 10,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let mut log = Vec::new();
    for number in 1..=30 {
        log.push(service.message(&ada, &conversation.id, &number.to_string()).await);
    }
    let epoch = &conversation.epoch;
    let exact = cursor(epoch, &log[24]);
    let of_another = |mut cursor: protocol::frame::Cursor| {
        cursor.client_id = ClientId::from_random(1);
        cursor
    };
    let ahead = Entry {
        seq: 31,
        ..log[29].clone()
    };
    for (what, cursor) in [
        ("another epoch", cursor("another", &log[24])),
        ("another entry behind", of_another(exact.clone())),
        ("another entry at the head", of_another(cursor(epoch, &log[29]))),
        ("beyond the head", cursor(epoch, &ahead)),
        ("too far behind", cursor(epoch, &log[18])),
    ] {
        // Once with the frames in memory, once with a service that has none of them.
        let mut socket = service.connect(&ben).await;
        socket.hello(vec![cursor.clone()]).await;
        let ServerFrame::Truncated { entries, .. } = socket.next().await else {
            panic!("{what}: the newest page")
        };
        assert_eq!(entries, log, "{what}");
    }
    let mut socket = service.connect(&ben).await;
    socket.hello(vec![exact.clone()]).await;
    assert!(matches!(socket.next().await, ServerFrame::Entry { entry, .. } if entry.seq == 26));

    let service = service.restart().await;
    for (cursor, expected_truncated) in [(of_another(exact.clone()), true), (exact, false)] {
        let mut socket = service.connect(&ben).await;
        socket.hello(vec![cursor]).await;
        let is_truncated = matches!(socket.next().await, ServerFrame::Truncated { .. });
        assert_eq!(is_truncated, expected_truncated, "read from the store");
    }
}

#[tokio::test]
async fn a_page_of_long_messages_fits_into_a_frame() {
    let service = Service::with(Settings {
        server_frame_bytes: 128 * 1024,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    for _ in 0..40 {
        service.message(&ada, &conversation.id, &"\"".repeat(16_000)).await;
    }
    let mut socket = service.socket(&ben).await;
    let truncated = socket.next().await;
    assert!(serde_json::to_vec(&truncated).unwrap().len() <= 128 * 1024);
    let ServerFrame::Truncated { entries, .. } = truncated else {
        panic!("the newest page")
    };
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [37, 38, 39, 40], "each is twice as long in JSON");
}
