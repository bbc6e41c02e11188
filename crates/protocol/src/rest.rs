//! Bodies of the REST interface, by the service that answers them.

pub mod chat;
pub mod identity;
