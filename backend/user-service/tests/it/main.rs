//! user-service from outside: real requests over a real socket, on a real database.

mod access;
mod codes;
mod harness;
mod keys;
mod people;
mod process;
mod sessions;
mod start;
