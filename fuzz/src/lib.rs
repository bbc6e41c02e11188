//! What a hostile input must never do: make a reader panic, or a fold depend on the order of its entries.
//!
//! Each target is a plain function that panics when a promise is broken. The fuzzer calls it with inputs it invents
//! (`cargo xtask prove fuzz`); every test run calls it with those kept under `corpus/`.

mod fold;
mod frames;
mod mentions;
mod rest_bodies;

pub use fold::fold;
pub use frames::frames;
pub use mentions::mentions;
pub use rest_bodies::rest_bodies;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads a value as a service would. What can be read can be written, and reads as the same again.
///
/// # Panics
///
/// When it does not.
fn reads_as_written<T: DeserializeOwned + Serialize>(input: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(input).ok()?;
    let written = serde_json::to_vec(&value).expect("what was read can be written");
    let again: T = serde_json::from_slice(&written).expect("what was written can be read");
    let rewritten = serde_json::to_vec(&again).expect("what was read can be written");
    assert_eq!(
        String::from_utf8_lossy(&written),
        String::from_utf8_lossy(&rewritten),
        "a value changes on its way"
    );
    Some(value)
}
