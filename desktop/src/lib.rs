//! The desktop app: a thin shell that gives the client a window, a keychain and a place on disk.
//!
//! Read in this order: [`settings`] (what the environment says), [`profile`] (one process per profile),
//! [`app`] (how the parts are put together, start to end), [`opening`] (the client, while and after it is
//! opened), [`commands`] and [`changes`] (all the window may ask and hear), [`keychain`], [`window`].
//!
//! The rules of the product are in `client`. Nothing here decides what a message is, and no token ever
//! crosses into the window.

mod app;
mod changes;
mod commands;
mod device;
mod keychain;
mod opening;
mod profile;
mod settings;
mod telemetry;
mod window;

pub use app::run;
