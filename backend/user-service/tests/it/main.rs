//! user-service from outside: real requests over a real socket, on a real database.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod access;
mod administration;
mod away;
mod codes;
mod harness;
mod hostile_bodies;
mod keys;
mod people;
mod pictures;
mod process;
mod replicas;
mod sessions;
mod short_memory;
mod start;
