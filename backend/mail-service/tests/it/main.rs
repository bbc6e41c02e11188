//! mail-service from outside: events go in, a real SMTP server on loopback receives.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod check;
mod console;
mod encryption;
mod harness;
mod invitations;
mod once;
mod process;
mod several;
mod trouble;
mod wording;
