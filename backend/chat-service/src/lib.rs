//! Conversations, their logs and the sockets that carry them.
//!
//! In reading order:
//!
//! - what it keeps: [`store`]
//! - how something gets into a log and who may put it there: [`log`]; why not: [`refusal`]
//! - the rules over both: [`conversations`], [`messages`], [`history`], [`read_marks`], [`mentions`], [`levels`],
//!   [`people`], which share [`chat`]
//! - live signs, which nobody stores in a log: [`presence`], [`typing`], [`receipts`]
//! - how an entry reaches everybody: [`fanout`], and the connection it travels on: [`socket`]
//! - several nodes over one database: [`nodes`]; sessions that end elsewhere: [`ended`]; what is counted: [`measures`]
//! - the borders: [`http`], [`settings`]; and [`app`], the only place that picks adapters
//! - the service as a process of its own: [`process`], with the [`keys`] that user-service publishes

pub mod app;
pub mod chat;
pub mod conversations;
pub mod ended;
pub mod fanout;
pub mod history;
pub mod http;
pub mod keys;
pub mod levels;
pub mod log;
pub mod measures;
pub mod mentions;
pub mod messages;
#[cfg(test)]
mod model;
pub mod nodes;
pub mod people;
pub mod presence;
pub mod process;
pub mod read_marks;
pub mod receipts;
pub mod refusal;
pub mod settings;
pub mod socket;
pub mod store;
#[cfg(test)]
mod testing;
pub mod typing;

pub use app::{Parts, Service, build};
pub use store::migration;
