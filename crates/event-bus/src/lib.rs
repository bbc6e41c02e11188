//! Durable events between services: publish, consume, settle.
//!
//! - [`Bus`] publishes: an event is on the disk when `publish` answers.
//! - [`Consumer`] takes the events of a queue, each as a [`Delivery`] that is settled in one of three ways:
//!   done, again later, or dead with a reason.
//! - [`queue_file`] reads where the queues lie from `BROKER_URL`.
//! - [`DeadLetter`] is what nobody could do, kept for people.
//!
//! Delivery is *at least once*: an event that was handed out and not settled when the process died is
//! handed out again. So a consumer must bear seeing an event twice; the event id tells it so.

mod bus;
mod consumer;
mod queue;
mod sqlite;

pub use bus::{Bus, BusError, DeadLetter, queue_file};
pub use consumer::{Consumer, Delivery};
