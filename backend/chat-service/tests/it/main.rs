//! chat-service from outside: real HTTP, real sockets, tokens of a key of our own.

mod access;
mod channels;
mod conversations;
mod endings;
mod greedy;
mod harness;
mod hostile;
mod live;
mod membership;
mod mentions;
mod messages;
mod nodes;
mod presence;
mod process;
mod reading;
mod replicas;
mod resume;
mod revolving_door;
mod sockets;
mod storms;
mod touches;
mod trouble;
