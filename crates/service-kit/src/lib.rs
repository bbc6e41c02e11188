//! What every service starts with, in reading order:
//!
//! - time and chance, which come in as parameters everywhere else: [`clock`], [`random`]
//! - background tasks, the order of stopping, what is ready: [`lifecycle`], [`health`]
//! - settings every process has, logs, traces, figures, and the way to an exit code: [`settings`], [`telemetry`],
//!   [`trace`], [`metrics`], [`process`]; what operators ask it: [`ops`]
//! - errors and requests at the border: [`problem`], [`extract`]
//! - who is calling, checked without asking anybody: [`auth`]
//! - limits in process: [`rate`]
//! - the embedded database, and one process per data folder: [`store`], [`data_dir`]
//! - short-lived state, in process or in Redis: [`cache`], [`redis`]
//! - serving a router with all of that around it: [`http`]

pub mod auth;
pub mod cache;
pub mod clock;
pub mod data_dir;
pub mod extract;
pub mod health;
pub mod http;
pub mod lifecycle;
pub mod metrics;
pub mod ops;
pub mod problem;
pub mod process;
pub mod random;
pub mod rate;
pub mod redis;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod trace;

pub use clock::{Clock, SharedClock, SystemClock};
pub use lifecycle::Lifecycle;
pub use problem::ApiError;
pub use random::{Random, SharedRandom, SystemRandom};
