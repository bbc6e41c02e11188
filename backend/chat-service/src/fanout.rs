//! From a stored entry to every socket that may have it.
//!
//! The log is the truth; everything here is a hint that can be lost and made again. An entry is encoded once, as a
//! complete WebSocket frame ([`frame`]), into the conversation's frame log ([`frame_log`]). A socket holds a cursor
//! per conversation, not a queue of messages: [`feed`] writes to every socket that sleeps with nothing to do, by its
//! [`lane`], and marks on the [`signal`] of the others that there is something to read. [`sockets`] knows who is connected, and [`onlookers`] who has what on the screen and so is told live signs.

pub mod feed;
pub mod frame;
pub mod frame_log;
pub mod lane;
pub mod onlookers;
pub mod signal;
pub mod sockets;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; what a panicking holder left behind is still whole, because every change below is made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
