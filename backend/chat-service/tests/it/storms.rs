//! Many at once.

use std::time::Instant;

use crate::harness::{Service, cursor};

/// After a node died everybody comes back at once and wants the same entries.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_clients_resume_at_once() {
    const CLIENTS: usize = 100;
    let service = Service::start().await;
    let ada = service.person().await;
    let channel = service.channel(&ada, "public").await;
    let mut people = Vec::new();
    for _ in 0..CLIENTS {
        let person = service.person().await;
        service
            .post(
                &person,
                &format!("/v1/conversations/{}/join", channel.id),
                serde_json::json!(null),
            )
            .await;
        people.push(person);
    }
    let seen = service.message(&ada, &channel.id, "seen").await;
    for number in 0..50 {
        service.message(&ada, &channel.id, &format!("missed {number}")).await;
    }
    let service = service.restart().await;

    let started = Instant::now();
    let resuming = people.iter().map(async |person| {
        let mut socket = service.connect(person).await;
        socket.hello(vec![cursor(&channel.epoch, &seen)]).await;
        for number in 1..=50 {
            assert_eq!(socket.entry(&channel.id).await.seq, seen.seq + number);
        }
        socket
    });
    let mut sockets = futures_util::future::join_all(resuming).await;
    eprintln!("{CLIENTS} clients resumed 50 entries each in {:?}", started.elapsed());

    let entry = service.message(&ada, &channel.id, "live").await;
    for socket in &mut sockets {
        assert_eq!(socket.entry(&channel.id).await, entry);
    }
}
