//! mail-service from outside: events go in, a real SMTP server on loopback receives.

mod check;
mod console;
mod encryption;
mod harness;
mod once;
mod trouble;
mod wording;
