//! What open codes and limits keep, in memory and in Redis.

use std::sync::Arc;

use protocol::{Email, UnixMs};
use service_kit::redis::Redis;
use service_kit::{Random as _, SharedRandom, SystemRandom};
use tokio::task::JoinSet;

use super::keyed::Keyed;
use super::limits::{MemoryLimits, Rates, RequestLimits};
use super::open_codes::{MemoryCodes, OpenCode, OpenCodes};
use super::redis::{RedisCodes, RedisLimits};
use super::{CodeError, MS_PER_DAY};
use crate::client_network::ClientNetwork;
use crate::secrets::Pepper;

/// Runs every rule on every adapter: one that is left out here is never used, so the build fails.
macro_rules! every_adapter {
    ($($rule:ident),* $(,)?) => {
        mod memory {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    super::$rule(super::World::in_memory()).await;
                }
            )*
        }

        mod redis {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs the servers that cargo xtask test starts"]
                async fn $rule() {
                    super::$rule(super::World::in_redis()).await;
                }
            )*
        }
    };
}

every_adapter!(
    a_try_gives_what_was_kept_and_says_how_many_are_left,
    of_sixteen_tries_at_once_exactly_five_are_taken,
    a_code_ends_with_its_time,
    a_newer_code_of_the_address_replaces_the_older,
    a_handle_that_was_made_up_opens_nothing_and_costs_nothing,
    a_code_that_was_removed_is_gone_and_a_newer_one_stays,
    a_client_gets_its_burst_and_then_what_is_refilled,
    of_many_requests_at_once_as_many_pass_as_there_are,
    an_address_is_limited_wherever_it_is_asked_for,
    what_is_refused_for_one_reason_counts_for_no_other,
    a_stranger_reaches_the_limit_of_a_day_alone_and_a_new_day_begins_at_nothing,
    wrong_guesses_are_counted_by_client_and_day,
);

pub(in crate::codes) const NOW: UnixMs = 20_000 * MS_PER_DAY + 10 * 3_600_000;
const LIFETIME_MS: i64 = 600_000;
const RATES: Rates = Rates {
    per_ip_and_s: 0.5,
    burst_per_ip: 10.0,
    per_address_and_s: 1.0 / 30.0,
    burst_per_address: 3.0,
    per_address_ip_and_day: 12,
    wrong_per_ip_and_day: 3,
};

/// What the replicas of a service share.
pub(in crate::codes) struct World {
    pub(in crate::codes) keyed: Keyed,
    pub(in crate::codes) place: Place,
}

pub(in crate::codes) enum Place {
    /// One process: its parts share what is in memory.
    Memory(Arc<MemoryCodes>, Arc<MemoryLimits>),
    Redis {
        redis: Redis,
        prefix: String,
    },
}

impl World {
    fn in_memory() -> Self {
        Self::at(Place::Memory(Arc::default(), Arc::new(MemoryLimits::new(&RATES))))
    }

    pub(in crate::codes) fn in_redis() -> Self {
        // Every key under it ends by itself.
        let prefix = format!("test-{:032x}", SystemRandom.bits());
        let redis = Redis::new(&test_kit::engines::redis_url(), None).unwrap();
        let redis = redis.with_prefix(&prefix);
        Self::at(Place::Redis { redis, prefix })
    }

    fn at(place: Place) -> Self {
        Self {
            keyed: Keyed::new(&pepper()),
            place,
        }
    }

    /// The codes as one replica sees them.
    pub(in crate::codes) fn codes(&self) -> Arc<dyn OpenCodes> {
        match &self.place {
            Place::Memory(codes, _) => Arc::<MemoryCodes>::clone(codes),
            Place::Redis { redis, .. } => Arc::new(redis_codes(redis.clone())),
        }
    }

    /// The limits as one replica sees them.
    pub(in crate::codes) fn limits(&self) -> Arc<dyn RequestLimits> {
        match &self.place {
            Place::Memory(_, limits) => Arc::<MemoryLimits>::clone(limits),
            Place::Redis { redis, .. } => Arc::new(redis_limits(redis.clone())),
        }
    }

    fn open(&self, email: &Email) -> OpenCode {
        let request = self.keyed.handle(email, SystemRandom.bits());
        OpenCode {
            hash: self.keyed.code(&request, email, "123456"),
            request,
            email: email.clone(),
            tries_left: 5,
            expires_at: NOW + LIFETIME_MS,
        }
    }

    pub(in crate::codes) async fn opened(&self, email: &Email) -> OpenCode {
        let open = self.open(email);
        self.codes().put(open.clone(), NOW).await.unwrap();
        open
    }
}

pub(in crate::codes) fn pepper() -> Pepper {
    Pepper::from_setting(&"p".repeat(32)).unwrap()
}

pub(in crate::codes) fn redis_codes(redis: Redis) -> RedisCodes {
    let random: SharedRandom = Arc::new(SystemRandom);
    RedisCodes::new(redis, &pepper(), &random)
}

pub(in crate::codes) fn redis_limits(redis: Redis) -> RedisLimits {
    RedisLimits::new(redis, &pepper(), RATES)
}

pub(in crate::codes) fn ada() -> Email {
    Email::parse("Ada@example.org").unwrap()
}

fn ben() -> Email {
    Email::parse("ben@example.org").unwrap()
}

pub(in crate::codes) fn client(number: u8) -> ClientNetwork {
    ClientNetwork::of([192, 0, 2, number].into())
}

fn retry_after_s<T>(answer: Result<T, CodeError>) -> u32 {
    match answer {
        Err(CodeError::Limited { retry_after_s }) => retry_after_s,
        Err(other) => panic!("limited was expected, got {other}"),
        Ok(_) => panic!("limited was expected"),
    }
}

async fn a_try_gives_what_was_kept_and_says_how_many_are_left(world: World) {
    let open = world.opened(&ada()).await;
    for left in [4, 3, 2, 1, 0] {
        let attempt = world.codes().take_try(&open.request, NOW).await.unwrap();
        assert_eq!(
            (attempt.tries_left, &attempt.email, attempt.hash),
            (left, &open.email, open.hash)
        );
    }
    let sixth = world.codes().take_try(&open.request, NOW).await;
    assert!(matches!(sixth, Err(CodeError::UsedUp)), "{sixth:?}");
}

async fn of_sixteen_tries_at_once_exactly_five_are_taken(world: World) {
    let open = world.opened(&ada()).await;
    let mut tries = JoinSet::new();
    for _ in 0..16 {
        let (codes, request) = (world.codes(), open.request.clone());
        tries.spawn(async move { codes.take_try(&request, NOW).await });
    }
    let mut left = Vec::new();
    let mut used_up = 0;
    for outcome in tries.join_all().await {
        match outcome {
            Ok(attempt) => left.push(attempt.tries_left),
            Err(CodeError::UsedUp) => used_up += 1,
            Err(fault) => panic!("{fault}"),
        }
    }
    left.sort_unstable();
    assert_eq!((left, used_up), (vec![0, 1, 2, 3, 4], 11));
}

async fn a_code_ends_with_its_time(world: World) {
    let open = world.opened(&ada()).await;
    let last = world.codes().take_try(&open.request, NOW + LIFETIME_MS - 1).await;
    assert!(last.is_ok(), "{last:?}");
    world.codes().remove_expired(NOW + LIFETIME_MS);
    let late = world.codes().take_try(&open.request, NOW + LIFETIME_MS).await;
    assert!(matches!(late, Err(CodeError::Expired)), "{late:?}");
}

async fn a_newer_code_of_the_address_replaces_the_older(world: World) {
    let older = world.opened(&ada()).await;
    world.codes().take_try(&older.request, NOW).await.unwrap();
    let newer = world.opened(&Email::parse("ADA@example.org").unwrap()).await;
    let others = world.opened(&ben()).await;
    let old = world.codes().take_try(&older.request, NOW).await;
    assert!(matches!(old, Err(CodeError::Expired)), "{old:?}");
    for open in [newer, others] {
        let attempt = world.codes().take_try(&open.request, NOW).await.unwrap();
        assert_eq!(
            (attempt.tries_left, attempt.hash),
            (4, open.hash),
            "with tries of its own"
        );
    }
}

async fn a_handle_that_was_made_up_opens_nothing_and_costs_nothing(world: World) {
    let open = world.opened(&ada()).await;
    let same_address = world.keyed.handle(&ada(), 7);
    let same_random = format!("{}{}", &open.request[..34], &world.keyed.handle(&ben(), 7)[34..]);
    for request in [
        same_address.as_str(),
        &same_random,
        "r_0123456789abcdef0123456789abcdef",
        "",
    ] {
        let attempt = world.codes().take_try(request, NOW).await;
        assert!(matches!(attempt, Err(CodeError::Expired)), "{request}: {attempt:?}");
    }
    assert_eq!(world.codes().take_try(&open.request, NOW).await.unwrap().tries_left, 4);
}

async fn a_code_that_was_removed_is_gone_and_a_newer_one_stays(world: World) {
    let older = world.opened(&ada()).await;
    let newer = world.opened(&ada()).await;
    world.codes().remove(&older.request).await.unwrap();
    assert!(world.codes().take_try(&newer.request, NOW).await.is_ok());
    world.codes().remove(&newer.request).await.unwrap();
    let gone = world.codes().take_try(&newer.request, NOW).await;
    assert!(matches!(gone, Err(CodeError::Expired)), "{gone:?}");
    world.codes().remove("no handle").await.unwrap();
}

async fn a_client_gets_its_burst_and_then_what_is_refilled(world: World) {
    for _ in 0..10 {
        world.limits().take_by_ip(client(1), NOW).await.unwrap();
    }
    assert_eq!(retry_after_s(world.limits().take_by_ip(client(1), NOW).await), 2);
    assert_eq!(retry_after_s(world.limits().take_by_ip(client(1), NOW + 500).await), 2);
    world.limits().take_by_ip(client(2), NOW).await.unwrap();
    world.limits().take_by_ip(client(1), NOW + 2_000).await.unwrap();
    // A clock that is set back gives nothing.
    retry_after_s(world.limits().take_by_ip(client(1), NOW).await);
    for _ in 0..10 {
        world.limits().take_by_ip(client(1), NOW + 60_000).await.unwrap();
    }
    retry_after_s(world.limits().take_by_ip(client(1), NOW + 60_000).await);
}

async fn of_many_requests_at_once_as_many_pass_as_there_are(world: World) {
    let replicas = [world.limits(), world.limits()];
    let mut requests = JoinSet::new();
    for number in 0..40 {
        let limits = Arc::clone(&replicas[number % 2]);
        requests.spawn(async move { limits.take_by_ip(client(1), NOW).await.is_ok() });
    }
    let passed = requests.join_all().await.into_iter().filter(|passed| *passed).count();
    assert_eq!(passed, 10);
}

async fn an_address_is_limited_wherever_it_is_asked_for(world: World) {
    for number in 0..3 {
        world
            .limits()
            .take_by_address(&ada(), client(number), NOW)
            .await
            .unwrap();
    }
    let fourth = world.limits().take_by_address(&ada(), client(9), NOW).await;
    assert_eq!(retry_after_s(fourth), 30);
    world.limits().take_by_address(&ben(), client(9), NOW).await.unwrap();
    let later = NOW + 30_000;
    world.limits().take_by_address(&ada(), client(9), later).await.unwrap();
    assert_eq!(
        retry_after_s(world.limits().take_by_address(&ada(), client(9), later).await),
        30
    );
}

async fn what_is_refused_for_one_reason_counts_for_no_other(world: World) {
    for _ in 0..3 {
        world.limits().take_by_address(&ada(), client(1), NOW).await.unwrap();
    }
    for _ in 0..20 {
        retry_after_s(world.limits().take_by_address(&ada(), client(1), NOW).await);
    }
    // Nine more of today's twelve are left.
    for number in 1..=9 {
        let at = NOW + number * 30_000;
        world.limits().take_by_address(&ada(), client(1), at).await.unwrap();
    }
    let full = world
        .limits()
        .take_by_address(&ada(), client(1), NOW + 10 * 30_000)
        .await;
    assert!(retry_after_s(full) > 30);
    // And what the day refused has taken no token.
    world
        .limits()
        .take_by_address(&ada(), client(2), NOW + 10 * 30_000)
        .await
        .unwrap();
}

async fn a_stranger_reaches_the_limit_of_a_day_alone_and_a_new_day_begins_at_nothing(world: World) {
    let at = |number: i64| NOW + number * 30_000;
    for number in 0..12 {
        world
            .limits()
            .take_by_address(&ada(), client(1), at(number))
            .await
            .unwrap();
    }
    let full = world.limits().take_by_address(&ada(), client(1), at(12)).await;
    let midnight = u32::try_from((20_001 * MS_PER_DAY - at(12)) / 1000).unwrap();
    assert!(retry_after_s(full).abs_diff(midnight) <= 1);
    world.limits().take_by_address(&ada(), client(2), at(12)).await.unwrap();
    world.limits().take_by_address(&ben(), client(1), at(12)).await.unwrap();
    world
        .limits()
        .take_by_address(&ada(), client(1), NOW + MS_PER_DAY)
        .await
        .unwrap();
}

async fn wrong_guesses_are_counted_by_client_and_day(world: World) {
    for _ in 0..3 {
        world.limits().check_wrong_by_ip(client(1), NOW).await.unwrap();
        world.limits().count_wrong_by_ip(client(1), NOW).await.unwrap();
    }
    let limited = world.limits().check_wrong_by_ip(client(1), NOW).await;
    assert!(retry_after_s(limited).abs_diff(14 * 3_600) <= 1);
    world.limits().check_wrong_by_ip(client(2), NOW).await.unwrap();
    let tomorrow = NOW + MS_PER_DAY;
    world.limits().check_wrong_by_ip(client(1), tomorrow).await.unwrap();
}
