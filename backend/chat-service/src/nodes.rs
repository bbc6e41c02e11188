//! Several nodes over one database: what each tells the others, and what it does with what it hears.
//!
//! In reading order: [`note`] is what is said, [`wire`] the way it goes, over Redis in [`redis`]; [`telling`] sends,
//! [`listening`] receives; [`hearing`] takes a note into account; [`comparing`] looks for what was never heard;
//! [`allowance`] shares what people have used up.
//!
//! What must stay true: nobody waits for this. Notes are hints that may come late, twice or never; what they say is
//! checked against the log, whose places have no hole. A node that hears nothing still stores, answers, and brings
//! its sockets what the others stored within the next comparison.

pub mod allowance;
pub mod comparing;
pub mod hearing;
pub mod listening;
pub mod note;
mod redis;
pub mod telling;
pub mod wire;

#[cfg(test)]
mod tests;

use protocol::event::SESSION_ENDED_CHANNEL;

use self::note::Address;

/// Channels that conversations are spread over, and as many for people.
const SHARDS: u64 = 64;

/// What stands before the name of every channel.
const PREFIX: &str = "chat";

/// The channel of an address.
fn channel(address: Address<'_>) -> String {
    match address {
        Address::Conversation(id) => format!("{PREFIX}:c:{}", shard(id.as_str())),
        Address::Person(id) => format!("{PREFIX}:p:{}", shard(id.as_str())),
        Address::All => format!("{PREFIX}:all"),
    }
}

/// Every channel there is.
fn channels() -> Vec<String> {
    let shards = |kind: &'static str| (0..SHARDS).map(move |shard| format!("{PREFIX}:{kind}:{shard}"));
    let mut all: Vec<String> = shards("c").chain(shards("p")).collect();
    all.push(channel(Address::All));
    all.push(SESSION_ENDED_CHANNEL.to_owned());
    all
}

/// FNV-1a: the same on every node, whatever it was built with.
fn shard(id: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = id
        .bytes()
        .fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    hash % SHARDS
}
