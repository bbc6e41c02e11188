//! Who someone is: sign-in codes, sessions, tokens, people.
//!
//! In reading order:
//!
//! - [`settings`]: what an operator chooses, and every limit; [`app`]: how the parts are put together
//! - `secrets`: the pepper and the signing keys, and the files they lie in
//! - `codes`: a code is asked for, mailed and tried (P8)
//! - `sessions`: a right code becomes a session; refresh tokens; the end of a session (P7)
//! - `tokens`: the access tokens a session is shown as
//! - `people`: names and the directory, and telling the others about changes
//! - `store`: what the rules need from a database, and SQLite
//! - `http`: the URLs
//! - [`process`]: the service as a process of its own
//! - [`demonstration`]: people who are only there to be looked at
//!
//! This crate never sends mail, and it never asks another service: it publishes events and signs tokens.

pub mod app;
pub mod demonstration;
pub mod process;
pub mod settings;

mod codes;
mod http;
mod people;
mod secrets;
mod sessions;
mod store;
#[cfg(test)]
mod testing;
mod tokens;

pub use app::{Parts, Service, build};
pub use settings::{Deployment, Settings};
