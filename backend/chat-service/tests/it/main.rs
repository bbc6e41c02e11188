//! chat-service from outside: real HTTP, real sockets, tokens of a key of our own.

mod access;
mod conversations;
mod endings;
mod harness;
mod membership;
mod messages;
mod replicas;
mod resume;
mod revolving_door;
mod sockets;
mod storms;
mod trouble;
