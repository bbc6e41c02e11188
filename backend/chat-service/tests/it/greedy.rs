//! Clients that want more than their share of sockets or of patience.

use std::time::Duration;

use futures_util::StreamExt as _;
use protocol::close;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use crate::harness::{DEADLINE, Service, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_with_a_thousand_sockets_keeps_the_newest_few_and_hurts_nobody() {
    const SOCKETS: usize = 1000;
    const KEPT: usize = 20;
    let service = Service::with(chat_service::settings::Settings {
        hello_timeout_s: 30,
        ..settings()
    })
    .await;
    let [ada, greedy] = service.people().await;
    let direct = service.direct(&ada, &greedy).await;
    let mut of_ada = service.socket(&ada).await;
    let token = greedy.token();
    let mut opened: Vec<_> = futures_util::stream::iter(KEPT..SOCKETS)
        .map(|_| async { service.connect_with(&token).await.unwrap() })
        .buffered(KEPT)
        .collect()
        .await;
    // One after the other, so that it is clear which are the newest.
    let mut kept = Vec::new();
    for _ in 0..KEPT {
        kept.push(service.connect_with(&token).await.unwrap());
    }
    for socket in &mut opened {
        assert_eq!(socket.closed().await.0, close::TOO_MANY_SOCKETS);
    }
    of_ada.say(&direct.id, "business as usual").await;
    for mut socket in kept {
        let listed = socket.hello(Vec::new()).await;
        assert_eq!(listed.len(), 1, "the newest sockets work");
    }
}

#[tokio::test]
async fn a_client_that_sends_a_frame_byte_by_byte_does_not_count_as_alive() {
    let service = Service::with(chat_service::settings::Settings {
        ping_interval_s: 1,
        ..settings()
    })
    .await;
    let ada = service.person().await;
    let mut socket = service.socket(&ada).await;
    let started = Instant::now();
    // A masked text frame of 60,000 bytes, whose header promises more than will ever come.
    let mut bytes = vec![0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0];
    bytes.resize(60_000, b' ');
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    for byte in bytes {
        pace.tick().await;
        let sent = socket.stream.get_mut().write_all(&[byte]).await;
        // The third ping is not sent any more after 3 s; the server then waits 2 s for its last words to be read, and
        // what comes after that would make the system throw them away.
        if sent.is_err() || started.elapsed() > Duration::from_secs(4) {
            break;
        }
    }
    assert_eq!(socket.closed().await.0, close::TIMED_OUT);
    assert!(started.elapsed() < DEADLINE);
}
