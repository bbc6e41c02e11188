//! The product without a window: sign-in, REST, socket, local store, outbox and sync.
//!
//! It speaks in commands (methods of the client: do this) and changes ([`change::Change`]: this is different
//! now), and can be driven by a window, by a test, by a bot and by the load generator. It never names tauri.

pub mod change;
pub mod view;
