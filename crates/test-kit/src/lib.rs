//! What tests and the bench stand on: real servers on loopback, faults that can be switched, and time and
//! randomness that are chosen by the test.
//!
//! Read in this order: [`wait`] (no test sleeps, it awaits a condition with a deadline), [`clock`] and
//! [`random`], [`server`] (the real `loquat-server` as a process that can be killed), [`smtp`] (a mail
//! server that receives for real), [`fault_proxy`] (a network that fails when told), [`proxy`] (proxies as companies have
//! them), [`tls`] (certificates that are right or wrong in one way), [`engines`] (the servers
//! that the product stands on when it is scaled out), [`update_server`] (new versions of the app, good
//! and bad).
//!
//! Knows the product only from outside: it never depends on a service or on the client.

pub mod clock;
pub mod console;
pub mod engines;
pub mod fault_proxy;
mod probe;
pub mod proxy;
pub mod random;
pub mod server;
pub mod smtp;
pub mod tls;
pub mod update_server;
pub mod wait;
