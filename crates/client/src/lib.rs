//! The product without a window: sign-in, REST, socket, local store, outbox and sync.
//!
//! It speaks in commands (methods of [`Client`]: do this) and changes ([`change::Change`]: this is different
//! now), and can be driven by a window, by a test, by a bot and by the load generator. It never names tauri.
//!
//! Read in this order: [`Client`] (what one can ask for), [`view`] and [`change`] (what one sees), `shared` (what all
//! parts know), `store` (what this device holds), `sync` (the rules that keep it equal to the server), `link` (the
//! connection), `network` (every way to a server), `session` and `rest` (asking in a person's name).

mod address;
pub mod change;
mod changes;
mod client;
pub mod clock;
mod farewell;
mod fill;
mod link;
mod looks;
pub mod network;
mod originals;
mod own_words;
mod people;
pub mod probe;
pub mod random;
mod rechecks;
mod rest;
pub mod search;
pub mod secrets;
mod session;
pub mod settings;
mod shared;
pub mod shelf;
mod signs;
mod store;
mod sync;
mod tasks;
mod timeline;
mod tls;
mod upkeep;
pub mod view;
mod views;
mod workspace;

pub use change::Change;
pub use changes::Changes;
pub use client::{Client, StoreFacts};
pub use network::{Network, NetworkSettings};
pub use secrets::{MemorySecrets, SecretError, SecretStore};
pub use settings::{ClientSettings, HistoryLimit, Pace, Servers, Surroundings};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks what is held for a moment only. A panic elsewhere leaves these values whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
