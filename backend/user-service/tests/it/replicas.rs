//! Several nodes over the same documents.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use protocol::ErrorCode;
use protocol::rest::identity::{Person, ProfileChange, Sessions as Devices, Tokens};
use reqwest::StatusCode;
use service_kit::cache::Cache;
use service_kit::redis::Redis;
use service_kit::{Random as _, SystemRandom};
use test_kit::engines::{MongoDatabase, redis_url};
use test_kit::wait::{PATIENCE, until};

use super::harness::{Answer, Ground, Service};

/// How long a session that ended at one node may count at another (P7).
const LONGEST: Duration = Duration::from_secs(2);

/// The rules that hold on every engine.
async fn two_nodes_are_one_service(ground: Ground) {
    let here = Service::start_on(ground, &[]).await.ready().await;
    let there = here.start_beside().await.ready().await;

    let ada = here.sign_in("ada@example.org").await;
    let seen: Person = there.get("/v1/users/me", &ada.access_token).await.read();
    assert_eq!(seen.id, ada.user);
    let renamed = ProfileChange {
        name: Some("Countess".to_owned()),
        ..ProfileChange::default()
    };
    let changed: Person = there.patch("/v1/users/me", &ada.access_token, &renamed).await.read();
    let seen: Person = here.get("/v1/users/me", &ada.access_token).await.read();
    assert_eq!(seen, changed);

    // A repeat at another node is answered like one at the same node.
    let first: Tokens = here.refresh(&ada.refresh_token).await.read();
    let repeated: Tokens = there.refresh(&ada.refresh_token).await.read();
    assert_eq!(first.refresh_token, repeated.refresh_token);

    let ended_at = Instant::now();
    assert_eq!(here.sign_out(&ada.access_token).await.status, StatusCode::NO_CONTENT);
    let refused = async || {
        let answer = there.get("/v1/users/me", &repeated.access_token).await;
        (answer.status != StatusCode::OK).then_some(answer)
    };
    let refusal = until("a refusal at the other node", PATIENCE, refused).await.unwrap();
    assert_eq!(refusal.code(), ErrorCode::SessionEnded);
    let after = ended_at.elapsed();
    assert!(after < LONGEST, "the other node refused after {after:?}");
    let refreshed = there.refresh(&first.refresh_token).await;
    assert_eq!(refreshed.code(), ErrorCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_the_embedded_database_are_one_service() {
    two_nodes_are_one_service(Ground::in_folder(tempfile::tempdir().unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn two_nodes_on_mongodb_are_one_service() {
    let database = MongoDatabase::fresh();
    two_nodes_are_one_service(Ground::in_mongodb(&database.url())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_before_a_node_started_is_refused_from_its_first_answer_on() {
    let here = Service::start().await;
    let ada = here.sign_in("ada@example.org").await;
    here.sign_out(&ada.access_token).await;
    let there = here.start_beside().await;
    let answer = there.get("/v1/users/me", &ada.access_token).await;
    assert_eq!(answer.code(), ErrorCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_code_of_one_node_is_one_session_however_many_bring_it_to_both() {
    let database = MongoDatabase::fresh();
    let mut ground = Ground::in_mongodb(&database.url());
    let redis = Redis::new(&redis_url(), None).unwrap();
    ground.cache = Cache::Redis(redis.with_prefix(&format!("test-{:032x}", SystemRandom.bits())));
    let here = Service::start_on(ground, &[]).await.ready().await;
    let there = here.start_beside().await.ready().await;

    let (request, code) = here.code_for("ada@example.org").await;
    // A code takes five tries, right or wrong.
    let nodes = [&there, &here, &there, &here, &there];
    let tries = join_all(nodes.map(|node| node.try_code(&request, &code))).await;

    let tokens: Vec<Tokens> = tries
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .map(Answer::read)
        .collect();
    assert_eq!(tokens.len(), 1);
    for answer in tries.iter().filter(|answer| answer.status != StatusCode::OK) {
        assert_eq!(answer.code(), ErrorCode::CodeExpired);
    }
    let devices: Devices = here.get("/v1/sessions", &tokens[0].access_token).await.read();
    assert_eq!(devices.sessions.len(), 1);
}
