//! What is true of Redis only: what lies in it, and what happens when it is lost or away.

use std::collections::BTreeMap;

use service_kit::cache::CacheError;
use service_kit::redis::{Redis, Script};

use crate::codes::contract::{NOW, Place, World, ada, client, pepper, redis_codes, redis_limits};
use crate::codes::keyed::Keyed;
use crate::codes::limits::RequestLimits as _;
use crate::codes::open_codes::OpenCodes as _;
use crate::codes::{CodeError, MS_PER_DAY};

/// All that Redis holds under the names of this world: each key, and how many milliseconds it lives.
async fn keys(redis: &Redis, prefix: &str) -> BTreeMap<String, i64> {
    let script = Script::new(
        "local found = {}
         for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
             found[#found + 1] = key
             found[#found + 1] = redis.call('PTTL', key)
         end
         return found",
    );
    let pattern = format!("{prefix}*");
    let found: Vec<(String, i64)> = redis
        .run_script(&script, &[prefix], &[pattern.as_bytes()])
        .await
        .unwrap();
    found.into_iter().collect()
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn every_key_in_redis_has_an_end_and_names_nobody() {
    let world = World::in_redis();
    world.opened(&ada()).await;
    let limits = world.limits();
    limits.take_by_ip(client(1), NOW).await.unwrap();
    limits.take_by_address(&ada(), client(1), NOW).await.unwrap();
    limits.check_wrong_by_ip(client(1), NOW).await.unwrap();
    limits.count_wrong_by_ip(client(1), NOW).await.unwrap();
    let Place::Redis { redis, prefix } = &world.place else {
        panic!("this is about Redis");
    };
    let keys = keys(redis, prefix).await;
    assert_eq!(keys.len(), 5, "{keys:?}");
    for (key, lives_ms) in keys {
        assert!((1..=2 * MS_PER_DAY).contains(&lives_ms), "{key} lives {lives_ms} ms");
        assert!(
            key.contains(":{") && !key.contains("ada") && !key.contains("192.0.2"),
            "{key}"
        );
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_lost_cache_makes_codes_void_and_nothing_usable_again() {
    let world = World::in_redis();
    let older = world.opened(&ada()).await;
    let newer = world.opened(&ada()).await;
    let Place::Redis { redis, prefix } = &world.place else {
        panic!("this is about Redis");
    };
    let script =
        Script::new("for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 1");
    let pattern = format!("{prefix}*");
    let _one: i64 = redis
        .run_script(&script, &[prefix], &[pattern.as_bytes()])
        .await
        .unwrap();
    for open in [older, newer] {
        let attempt = world.codes().take_try(&open.request, NOW).await;
        assert!(matches!(attempt, Err(CodeError::Expired)), "{attempt:?}");
    }
    let next = world.opened(&ada()).await;
    assert_eq!(world.codes().take_try(&next.request, NOW).await.unwrap().tries_left, 4);
}

#[tokio::test]
async fn a_cache_that_is_away_is_a_fault_of_its_own() {
    let redis = Redis::new("redis://127.0.0.1:1", None).unwrap();
    let (codes, limits) = (redis_codes(redis.clone()), redis_limits(redis));
    let request = Keyed::new(&pepper()).handle(&ada(), 1);
    let outcomes = [
        codes.take_try(&request, NOW).await.map(drop),
        codes.remove(&request).await,
        limits.take_by_ip(client(1), NOW).await,
        limits.take_by_address(&ada(), client(1), NOW).await,
        limits.check_wrong_by_ip(client(1), NOW).await,
        limits.count_wrong_by_ip(client(1), NOW).await,
    ];
    for outcome in outcomes {
        assert!(
            matches!(outcome, Err(CodeError::Cache(CacheError::Away(_)))),
            "{outcome:?}"
        );
    }
}
