//! Durable events between services: publish, consume, settle.
//!
//! - [`BrokerSettings`] reads where the queues are from `BROKER_URL`: a file, or a RabbitMQ.
//! - [`Bus`] publishes: an event is durable when `publish` answers.
//! - [`Consumer`] takes the events of a queue, each as a [`Delivery`] that is settled in one of three ways:
//!   done, again later, or dead with a reason.
//! - [`DeadLetter`] is what nobody could do, kept for people.
//!
//! Delivery is *at least once*: an event that was handed out and not settled when the process died, or when the
//! broker was lost, is handed out again. So a consumer must bear seeing an event twice; the event id tells it so.
//!
//! What the two engines do not share, because only one database can promise it: an id that was published twice is
//! one event in a file, and may be two in RabbitMQ; and events that were put off, or came back, keep their order in a
//! file only.

mod amqp;
mod bus;
mod consumer;
mod settings;
mod sqlite;

pub use amqp::BrokerAddress;
pub use bus::{Bus, BusError, DeadLetter};
pub use consumer::{Consumer, Delivery};
pub use settings::{BrokerSettings, OpenError};
