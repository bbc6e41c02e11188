//! Who someone is: sign-in codes, sessions, tokens, people.
//!
//! In reading order:
//!
//! - [`settings`]: what an operator chooses, and every limit; [`app`]: how the parts are put together
//! - `secrets`: the pepper and the signing keys, and the files they lie in
//! - `workspace`: the settings that administrators change; `admission`: who may sign in
//! - `codes`: a code is asked for, mailed and tried (P8); `client_network`: a client as limits see it
//! - `invitations`: somebody is asked to join by a link that works once
//! - `sessions`: a right code becomes a session; refresh tokens; devices; the end of a session (P7)
//! - `tokens`: the access tokens a session is shown as
//! - `people`: names, roles and the directory; `pictures`: what they look like; `administration`: what is done to them
//! - `announcing`: telling the others about changes, so that none is lost; `outbox`: the mails that were promised
//! - `audit`: who did what, kept for ever; `measures`: what is counted
//! - `store`: what the rules need from a database; SQLite and MongoDB
//! - `start`: what is done before the first request is answered; `http`: the URLs
//! - [`process`]: the service as a process of its own
//! - [`demonstration`]: people who are only there to be looked at
//!
//! This crate never sends mail, and it never asks another service: it publishes events and signs tokens.

pub mod app;
pub mod demonstration;
pub mod process;
pub mod settings;

mod administration;
mod admission;
mod announcing;
mod audit;
mod client_network;
mod codes;
mod http;
mod invitations;
mod measures;
mod outbox;
mod people;
mod pictures;
mod secrets;
mod sessions;
mod start;
mod store;
#[cfg(test)]
mod testing;
mod tokens;
mod workspace;

pub use app::{Parts, Service, build};
pub use settings::{Deployment, Settings};
pub use store::migration;
