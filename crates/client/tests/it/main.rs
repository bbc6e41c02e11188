//! The client from outside, against a server that does on command what a real one does only by misfortune: loses
//! an answer, cuts a socket in the middle of a send, ends a session.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod acts;
mod administration;
mod changes;
mod child;
mod connection;
mod devices;
mod ending;
mod fake;
mod fake_history;
mod fake_people;
mod fake_script;
mod fake_socket;
mod harness;
mod history;
mod invitation;
mod mentions;
mod network;
mod offline;
mod pictures;
mod probe;
mod session;
mod sign_in;
mod signs;
mod timeline;
mod unread;
