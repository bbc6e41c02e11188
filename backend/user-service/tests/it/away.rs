//! The database is away: when the service starts, and later (P10).

use std::time::{Duration, Instant};

use protocol::ErrorCode;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use test_kit::engines::MongoDatabase;
use test_kit::fault_proxy::{FaultProxy, Network};
use test_kit::wait::{PATIENCE, until};

use super::harness::{Answer, Ground, Service};

/// Longer than an operation on the database may take in these tests, and than anybody should wait for a refusal.
const LONGEST_REFUSAL: Duration = Duration::from_secs(10);

/// A database of its own, and a way there that can fail.
async fn behind_a_proxy() -> (MongoDatabase, FaultProxy, Ground) {
    let database = MongoDatabase::fresh();
    let proxy = FaultProxy::to(database.server()).await.unwrap();
    let ground = Ground::in_mongodb(&database.url_by_way_of(proxy.address()));
    (database, proxy, ground)
}

/// What `/readyz` says.
async fn readiness(service: &Service) -> (StatusCode, Value) {
    let answer = Answer::of(service.request(Method::GET, "/readyz")).await;
    let parts = serde_json::from_str(&answer.body).unwrap();
    (answer.status, parts)
}

/// Nobody is signed in, nothing breaks, and whoever asks is told to come back.
async fn is_refused_clearly(service: &Service) {
    let asked_at = Instant::now();
    let refusal = service.ask_for_code("ada@example.org").await;
    assert!(asked_at.elapsed() < LONGEST_REFUSAL, "{:?}", asked_at.elapsed());
    let problem = refusal.problem();
    assert_eq!(
        (problem.status, problem.code, problem.retry_after_s),
        (503, ErrorCode::Unavailable, Some(1))
    );
    let healthy = Answer::of(service.request(Method::GET, "/healthz")).await;
    assert_eq!(healthy.status, StatusCode::OK, "a restart would mend nothing");
}

async fn becomes_unready(service: &Service) {
    let unready = async || {
        let (status, parts) = readiness(service).await;
        (status == StatusCode::SERVICE_UNAVAILABLE).then_some(parts)
    };
    let parts = until("an unready service", PATIENCE, unready).await.unwrap();
    assert_eq!(parts["parts"]["users"], "the database is away", "{parts}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn it_starts_without_its_database_says_so_and_goes_on_when_it_comes() {
    let (_database, proxy, ground) = behind_a_proxy().await;
    proxy.set(Network::Refusing);

    let service = Service::start_on(ground, &[]).await;

    becomes_unready(&service).await;
    is_refused_clearly(&service).await;
    let keys: Value = service.get_as_stranger("/.well-known/jwks.json").await.read();
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(1), "others wait for them");

    proxy.set(Network::Whole);
    let service = service.ready().await;
    let ada = service.sign_in("ada@example.org").await;
    assert!(!ada.access_token.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_database_that_goes_away_and_comes_back_is_borne() {
    let (_database, proxy, ground) = behind_a_proxy().await;
    let service = Service::start_on(ground, &[]).await.ready().await;
    let ada = service.sign_in("ada@example.org").await;
    for network in [Network::Refusing, Network::Stalled] {
        proxy.set(network);
        proxy.cut();
        becomes_unready(&service).await;
        is_refused_clearly(&service).await;
        proxy.set(Network::Whole);
        proxy.cut();
        let answers = async || {
            let answer = service.get("/v1/users/me", &ada.access_token).await;
            (answer.status == StatusCode::OK).then_some(())
        };
        until("an answer again", PATIENCE, answers).await.unwrap();
    }
    service.ready().await.sign_in("ben@example.org").await;
}
