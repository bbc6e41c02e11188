//! Updates from outside: a real server that behaves well and badly, real files, real programs that take each other's
//! place.
#![cfg(target_os = "linux")]

mod fetching;
mod offers;
mod replacing;
