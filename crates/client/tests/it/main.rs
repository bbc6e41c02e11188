//! The client from outside, against a server that does on command what a real one does only by misfortune: loses
//! an answer, cuts a socket in the middle of a send, ends a session.

mod changes;
mod child;
mod connection;
mod fake;
mod fake_people;
mod fake_socket;
mod harness;
mod offline;
mod session;
mod sign_in;
