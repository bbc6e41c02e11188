//! Open codes and limits in Redis, shared by every replica of the service.
//!
//! Each decision is one script on keys of one address or one client, so it is one step for all replicas, and works on
//! a cluster. Of addresses and clients the keys hold keyed hashes only, and the values nothing that could be read without
//! the pepper. Every key has an end; what is lost makes codes void and limits new, never a code usable again.

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use protocol::{Email, UnixMs};
use service_kit::SharedRandom;
use service_kit::cache::CacheError;
use service_kit::redis::{Redis, Script};

use super::keyed::{CodeHash, Keyed, Tag};
use super::limits::{Rates, RequestLimits, limited, limited_today};
use super::open_codes::{Attempt, OpenCode, OpenCodes};
use super::{CodeError, MS_PER_DAY, day};
use crate::client_network::ClientNetwork;
use crate::outbox::Seal;
use crate::secrets::Pepper;

/// How much longer a key is kept than it says something, for clocks that do not agree.
const SPARE_MS: i64 = 60_000;
/// How long the count of a day is kept: into the next day, for clocks that do not agree.
const KEEP_DAY_MS: i64 = 2 * MS_PER_DAY;
/// How `take.lua` says that the day is full.
const DAY_IS_FULL: i64 = -1;

/// Open codes in Redis.
pub(super) struct RedisCodes {
    redis: Redis,
    seal: Seal,
    random: SharedRandom,
    put: Script,
    take_try: Script,
    remove: Script,
}

/// Limits in Redis.
pub(super) struct RedisLimits {
    redis: Redis,
    keyed: Keyed,
    rates: Rates,
    take: Script,
    count: Script,
}

impl RedisCodes {
    pub(super) fn new(redis: Redis, pepper: &Pepper, random: &SharedRandom) -> Self {
        Self {
            redis,
            seal: Seal::for_use(pepper, b"loquat open code"),
            random: SharedRandom::clone(random),
            put: Script::new(include_str!("redis/put.lua")),
            take_try: Script::new(include_str!("redis/take_try.lua")),
            remove: Script::new(include_str!("redis/remove.lua")),
        }
    }

    fn key(&self, tag: &Tag) -> String {
        name(&self.redis, tag, "code")
    }
}

#[async_trait]
impl OpenCodes for RedisCodes {
    async fn put(&self, open: OpenCode, now: UnixMs) -> Result<(), CodeError> {
        let tag = Tag::in_handle(&open.request).ok_or(CodeError::Expired)?;
        let email = self.seal.close(&open.request, &open.email, &*self.random)?;
        let (tries, expires_at) = (open.tries_left.to_string(), open.expires_at.to_string());
        let keep_ms = ((open.expires_at - now).max(0) + SPARE_MS).to_string();
        let arguments: [&[u8]; 6] = [
            open.request.as_bytes(),
            &open.hash,
            &email,
            tries.as_bytes(),
            expires_at.as_bytes(),
            keep_ms.as_bytes(),
        ];
        let key = self.key(&tag);
        let _one: i64 = self.redis.run_script(&self.put, &[&key], &arguments).await?;
        Ok(())
    }

    async fn take_try(&self, request: &str, now: UnixMs) -> Result<Attempt, CodeError> {
        let tag = Tag::in_handle(request).ok_or(CodeError::Expired)?;
        let (key, now) = (self.key(&tag), now.to_string());
        let arguments = [request.as_bytes(), now.as_bytes()];
        let answer: (String, Vec<u8>, Vec<u8>, u32) =
            self.redis.run_script(&self.take_try, &[&key], &arguments).await?;
        let (state, hash, email, tries_left) = answer;
        match state.as_str() {
            "taken" => Ok(Attempt {
                // Sealed with another pepper, or changed by somebody: as good as lost.
                email: self.seal.open(request, &email).ok_or(CodeError::Expired)?,
                hash: CodeHash::try_from(hash).map_err(|_| CodeError::Expired)?,
                tries_left,
            }),
            "used up" => Err(CodeError::UsedUp),
            _ => Err(CodeError::Expired),
        }
    }

    async fn remove(&self, request: &str) -> Result<(), CodeError> {
        if let Some(tag) = Tag::in_handle(request) {
            let key = self.key(&tag);
            let _one: i64 = self
                .redis
                .run_script(&self.remove, &[&key], &[request.as_bytes()])
                .await?;
        }
        Ok(())
    }

    /// Keys end by themselves.
    fn remove_expired(&self, _now: UnixMs) {}
}

impl RedisLimits {
    pub(super) fn new(redis: Redis, pepper: &Pepper, rates: Rates) -> Self {
        Self {
            redis,
            keyed: Keyed::new(pepper),
            rates,
            take: Script::new(include_str!("redis/take.lua")),
            count: Script::new(include_str!("redis/count.lua")),
        }
    }

    async fn take(&self, keys: &[&str], bucket: Bucket, now: UnixMs) -> Result<(), CodeError> {
        let per_ms = bucket.per_s / 1000.0;
        let numbers = [
            per_ms.to_string(),
            bucket.burst.to_string(),
            now.to_string(),
            until_full_ms(bucket.burst / per_ms).to_string(),
            self.rates.per_address_ip_and_day.to_string(),
            KEEP_DAY_MS.to_string(),
        ];
        let arguments: Vec<&[u8]> = numbers.iter().map(String::as_bytes).collect();
        match self.redis.run_script(&self.take, keys, &arguments).await? {
            0 => Ok(()),
            DAY_IS_FULL => Err(limited_today(now)),
            wait_ms => Err(limited(i64::unsigned_abs(wait_ms))),
        }
    }

    async fn add_wrong(&self, from: ClientNetwork, now: UnixMs, added: u32) -> Result<i64, CacheError> {
        let client = self.keyed.client(from);
        let key = name(&self.redis, &client, &format!("wrong:{}", day(now)));
        let numbers = [added.to_string(), KEEP_DAY_MS.to_string()];
        let arguments: Vec<&[u8]> = numbers.iter().map(String::as_bytes).collect();
        self.redis.run_script(&self.count, &[&key], &arguments).await
    }
}

/// A key of an address or a client: those of one lie together on one server of a cluster.
fn name(redis: &Redis, tag: &Tag, what: &str) -> String {
    redis.name(&format!("users:{{{}}}:{what}", tag.as_str()))
}

/// A bucket's sizes.
struct Bucket {
    per_s: f64,
    burst: f64,
}

/// After this a bucket says the same as none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a positive time of at most some months, for which less than a millisecond is nothing"
)]
fn until_full_ms(ms: f64) -> i64 {
    (ms as i64).saturating_add(SPARE_MS)
}

#[async_trait]
impl RequestLimits for RedisLimits {
    async fn take_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        let key = name(&self.redis, &self.keyed.client(from), "asked");
        let bucket = Bucket {
            per_s: self.rates.per_ip_and_s,
            burst: self.rates.burst_per_ip,
        };
        self.take(&[&key], bucket, now).await
    }

    async fn take_by_address(&self, email: &Email, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        let (address, client) = (self.keyed.address(email), self.keyed.client(from));
        let all = name(&self.redis, &address, "asked");
        let from_here = format!("asked:{}:{}", client.as_str(), day(now));
        let from_here = name(&self.redis, &address, &from_here);
        let bucket = Bucket {
            per_s: self.rates.per_address_and_s,
            burst: self.rates.burst_per_address,
        };
        self.take(&[&all, &from_here], bucket, now).await
    }

    async fn check_wrong_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        let count = self.add_wrong(from, now, 0).await?;
        if count >= i64::from(self.rates.wrong_per_ip_and_day) {
            return Err(limited_today(now));
        }
        Ok(())
    }

    async fn count_wrong_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        self.add_wrong(from, now, 1).await?;
        Ok(())
    }
}
