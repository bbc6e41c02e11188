//! Codes and limits in a Redis that replicas share, and without it.

use protocol::ErrorCode;
use reqwest::StatusCode;
use service_kit::cache::Cache;
use service_kit::redis::Redis;
use service_kit::{Random as _, SystemRandom};

use super::harness::{Ground, Service};

/// One deployment whose short-lived state is in this Redis.
fn ground_on(redis: Redis) -> Ground {
    let prefix = format!("test-{:032x}", SystemRandom.bits());
    let mut ground = Ground::in_folder(tempfile::tempdir().unwrap());
    ground.cache = Cache::Redis(redis.with_prefix(&prefix));
    ground
}

fn real_redis() -> Redis {
    Redis::new(&test_kit::engines::redis_url(), None).unwrap()
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_code_that_one_replica_gave_out_is_taken_by_another_once() {
    let first = Service::start_on(ground_on(real_redis()), &[]).await.ready().await;
    let second = first.start_beside().await;
    let (request, code) = first.code_for("ada@example.org").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(first.try_code(&request, wrong).await.code(), ErrorCode::CodeWrong);
    assert_eq!(second.try_code(&request, &code).await.status, StatusCode::OK);
    for service in [&first, &second] {
        assert_eq!(service.try_code(&request, &code).await.code(), ErrorCode::CodeExpired);
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn two_replicas_limit_as_one() {
    let first = Service::start_on(ground_on(real_redis()), &[]).await.ready().await;
    let second = first.start_beside().await;
    for service in [&first, &second, &first] {
        assert_eq!(
            service.ask_for_code("ada@example.org").await.status,
            StatusCode::ACCEPTED
        );
    }
    for service in [&second, &first] {
        let answer = service.ask_for_code("ada@example.org").await;
        assert_eq!((answer.status.as_u16(), answer.code()), (429, ErrorCode::RateLimited));
    }
}

#[tokio::test]
async fn without_its_redis_asking_for_a_code_is_unavailable_and_nothing_is_mailed() {
    let away = Redis::new("redis://127.0.0.1:1", None).unwrap();
    let service = Service::start_on(ground_on(away), &[]).await;
    let answer = service.ask_for_code("ada@example.org").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (503, ErrorCode::Unavailable));
    assert!(answer.headers.contains_key("retry-after"));
    drop(answer);

    // Another node with the same data and a memory of its own: its mail is the first there is.
    let mut ground = service.ground.clone();
    ground.cache = Cache::Memory;
    drop(service);
    let service = Service::start_on(ground, &[]).await.ready().await;
    service.ask_for_code("ben@example.org").await;
    assert_eq!(service.next_mail().await.email.as_str(), "ben@example.org");
}
