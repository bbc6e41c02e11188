//! Sends each mail once: consumes `send-otp` and `send-invitation` events and talks SMTP.
//!
//! In reading order:
//!
//! - [`settings`]: what an operator chooses; [`app`]: how the parts are put together
//! - `order`: what is ordered; `mails`: when a mail is sent, sent again, given up
//! - `wording`: what it says; `measures`: what is counted
//! - `store`: which mails went out, so that none goes twice
//! - `delivery`: SMTP, and the terminal in development
//! - [`process`]: the service as a process of its own
//! - [`smtp_check()`]: says what is wrong with the mail settings
//!
//! This crate never decides who may sign in, and it never logs a code, a link or an address.

pub mod app;
pub mod process;
pub mod settings;

mod delivery;
mod mails;
mod measures;
mod order;
mod smtp_check;
mod store;
mod wording;

pub use app::{Parts, start};
pub use settings::Settings;
pub use smtp_check::{SmtpCheckFailure, smtp_check};
pub use store::migration;
