//! What an organisation decided for the app on machines that it looks after.
//!
//! Read in this order: [`schema`] is the one list of everything that can be set; [`Policy`] is what an organisation
//! did set; [`source`] reads it from the place that administrators of each system know; [`watch`] keeps it fresh while
//! the app runs; [`documents`] writes the templates and pages that administrators work with.
//!
//! The crate applies nothing: who owns a proxy, a cache or a notification asks the policy before it asks the person.
//! Whatever is wrong in a policy is named and left out, one value at a time; it never keeps the app from starting.

pub mod documents;
mod fault;
mod policy;
mod raw;
mod reading;
pub mod schema;
pub mod source;
mod spelling;
mod view;
mod watching;

pub use crate::fault::Fault;
pub use crate::policy::{Hours, LogLevel, NotificationLevel, Policy, ProxyMode, UpdateChannel};
pub use crate::reading::{Reading, SetValue};
pub use crate::view::{PolicyRow, PolicyView};
pub use crate::watching::{LOOK_EVERY, watch};

/// The name of the app among the apps of a system; what manages preferences on macOS knows it by this name.
pub const APP_ID: &str = "org.loquat.desktop";
