//! Two nodes on one MongoDB, one Redis and one RabbitMQ.

use std::time::{Duration, Instant};

use protocol::event::{PERSON_CHANGED, PersonChanged, SESSION_ENDED, SESSION_ENDED_CHANNEL, SessionEnded};
use protocol::frame::ServerFrame;
use protocol::{ConversationId, Role, close};
use test_kit::fault_proxy::Network;
use tokio_tungstenite::tungstenite;

use crate::harness::{Cluster, Person, Sharded, Socket, body};

/// What the next entry says.
async fn next_body(socket: &mut Socket, conversation: &ConversationId) -> String {
    body(&socket.entry(conversation).await).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_message_sent_at_one_node_arrives_at_the_other() {
    let cluster = Cluster::start().await;
    let (ada, ben) = (cluster.one.person().await, cluster.two.person().await);
    let conversation = cluster.one.direct(&ada, &ben).await.id;
    let mut there = cluster.two.socket(&ben).await;
    let mut here = cluster.one.socket(&ada).await;
    for number in 0..20 {
        here.say(&conversation, &format!("from one {number}")).await;
        there.say(&conversation, &format!("from two {number}")).await;
    }
    let log = cluster.two.log(&ada, &conversation).await;
    assert!(log.iter().map(|entry| entry.seq).eq(1..=40));
    for socket in [&mut here, &mut there] {
        for stored in &log {
            assert_eq!(socket.entry(&conversation).await, *stored);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn somebody_who_is_added_at_one_node_is_told_at_the_other() {
    let cluster = Cluster::start().await;
    let (ada, ben) = (cluster.one.person().await, cluster.two.person().await);
    let mut there = cluster.two.socket(&ben).await;
    let channel = cluster.one.channel(&ada, "private").await.id;
    let path = format!("/v1/conversations/{channel}/members/{}", ben.id);
    cluster.one.put(&ada, &path, serde_json::json!(null)).await;
    let is_told =
        |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation { conversation } if conversation.id == channel);
    there.until(is_told).await;
    let sent = cluster.one.message(&ada, &channel, "welcome").await;
    assert_eq!(there.entry(&channel).await, sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_ended_session_closes_its_sockets_at_both_nodes_within_two_seconds() {
    for redis_is_there in [true, false] {
        let cluster = Cluster::start().await;
        let ada = cluster.one.person().await;
        let mut sockets = [cluster.one.socket(&ada).await, cluster.two.socket(&ada).await];
        if !redis_is_there {
            cluster.redis.set(Network::Refusing);
            cluster.redis.cut();
        }
        let ended = SessionEnded {
            session: ada.session.clone(),
            person: ada.id.clone(),
            at: 1,
        };
        let told_at = Instant::now();
        cluster.one.tell(SESSION_ENDED, &ended).await;
        for socket in &mut sockets {
            assert_eq!(socket.closed().await.0, close::SESSION_ENDED);
        }
        let took = told_at.elapsed();
        eprintln!("Redis there: {redis_is_there}; both closed after {took:?}");
        assert!(
            took < Duration::from_secs(2),
            "took {took:?}, Redis there: {redis_is_there}"
        );
        assert!(
            cluster.two.connect_with(&ada.token()).await.is_err(),
            "nor can it come back"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn while_redis_is_cut_messages_are_stored_and_nobody_has_to_reconnect_afterwards() {
    let cluster = Cluster::start().await;
    let (ada, ben) = (cluster.one.person().await, cluster.two.person().await);
    let conversation = cluster.one.direct(&ada, &ben).await.id;
    let mut there = cluster.two.socket(&ben).await;
    let mut here = cluster.one.socket(&ada).await;
    here.say(&conversation, "before").await;
    assert_eq!(next_body(&mut there, &conversation).await, "before");

    cluster.redis.set(Network::Stalled);
    for number in 0..50 {
        here.say(&conversation, &format!("meanwhile {number}")).await;
    }
    cluster.redis.set(Network::Whole);
    for number in 0..50 {
        assert_eq!(
            next_body(&mut there, &conversation).await,
            format!("meanwhile {number}")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_new_name_is_told_at_both_nodes_whichever_took_the_event() {
    let cluster = Cluster::start().await;
    let ada = cluster.one.person().await;
    let mut sockets = [cluster.one.socket(&ada).await, cluster.two.socket(&ada).await];
    for version in 1..=4 {
        let changed = PersonChanged {
            id: ada.id.clone(),
            name: format!("Ada {version}"),
            active: true,
            role: Role::Member,
            version,
        };
        cluster.one.tell(PERSON_CHANGED, &changed).await;
        for socket in &mut sockets {
            let is_told =
                |frame: &ServerFrame| matches!(frame, ServerFrame::Person { version: told, .. } if *told == version);
            socket.until(is_told).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_drained_node_sends_everybody_to_the_other_and_nothing_is_lost() {
    let cluster = Cluster::start().await;
    let (ada, ben) = (cluster.one.person().await, cluster.two.person().await);
    let conversation = cluster.one.direct(&ada, &ben).await.id;
    let mut socket = cluster.one.socket(&ben).await;
    cluster.one.message(&ada, &conversation, "before").await;
    assert_eq!(next_body(&mut socket, &conversation).await, "before");

    cluster.one.lifecycle.drain();

    let goodbye = socket.until(|frame| matches!(frame, ServerFrame::Goodbye { .. })).await;
    let ServerFrame::Goodbye { retry_after_ms, .. } = goodbye else {
        unreachable!("it was looked for")
    };
    assert!((500..6_000).contains(&retry_after_ms), "{retry_after_ms}");
    assert_eq!(socket.closed().await.0, close::GOING_AWAY);
    cluster.two.message(&ada, &conversation, "after").await;
    cluster.two.socket(&ben).await;
    let log = cluster.two.log(&ben, &conversation).await;
    assert_eq!(log.iter().map(body).collect::<Vec<_>>(), ["before", "after"]);
    let late = cluster.one.connect_with(&Person::new().token()).await;
    let Err(tungstenite::Error::Http(refusal)) = late.map(drop) else {
        panic!("nobody is taken in any more")
    };
    assert_eq!(refusal.status(), 503, "a gateway asks another node then");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_ended_session_is_out_by_the_channel_alone() {
    let cluster = Cluster::start().await;
    let ada = cluster.one.person().await;
    let mut sockets = [cluster.one.socket(&ada).await, cluster.two.socket(&ada).await];
    let ended = SessionEnded {
        session: ada.session.clone(),
        person: ada.id.clone(),
        at: 1,
    };
    let said_at = Instant::now();
    cluster
        .say(SESSION_ENDED_CHANNEL, serde_json::to_vec(&ended).unwrap())
        .await;
    for socket in &mut sockets {
        assert_eq!(socket.closed().await.0, close::SESSION_ENDED);
    }
    assert!(said_at.elapsed() < Duration::from_secs(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn on_a_cluster_of_redis_everything_arrives_on_whichever_node_its_channel_lies() {
    let cluster = Sharded::start().await;
    let (ada, ben) = (cluster.one.person().await, cluster.two.person().await);
    let mut there = cluster.two.socket(&ben).await;
    let mut here = cluster.one.socket(&ada).await;
    let mut channels = Vec::new();
    for _ in 0..12 {
        let channel = cluster.one.channel(&ada, "private").await.id;
        let path = format!("/v1/conversations/{channel}/members/{}", ben.id);
        cluster.one.put(&ada, &path, serde_json::json!(null)).await;
        let is_told = |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation { conversation } if conversation.id == channel);
        there.until(is_told).await;
        channels.push(channel);
    }
    let started = Instant::now();
    for channel in &channels {
        for number in 0..5 {
            here.say(channel, &format!("message {number}")).await;
            assert_eq!(next_body(&mut there, channel).await, format!("message {number}"));
        }
    }
    // By comparing alone it would take five seconds for each.
    let took = started.elapsed();
    assert!(took < Duration::from_secs(30), "took {took:?}");
}
