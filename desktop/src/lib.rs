//! The resident desktop app: it gives the client a keychain, a place on disk and, when somebody looks, a window.
//!
//! Read in this order: [`start`] and [`settings`] (what the program is told), [`organisation`] (what is
//! decided for the machine), [`profile`] (one process per profile),
//! [`app`] (how the parts are put together, start to end), [`desk`] (what commands may use), [`opening`] (the client,
//! while and after it is opened), [`window`] (a program of its own that comes and goes), [`commands`] (all the
//! interface may ask), [`notifications`] and [`tray`](mod@tray), [`preferences`], [`network`], [`support`], [`words`],
//! [`keychain`], [`updates`].
//!
//! The rules of the product are in `client`. Nothing here decides what a message is, draws anything or loads a
//! toolkit, and no token ever crosses into the window.

mod app;
pub mod autostart;
mod commands;
mod desk;
mod device;
mod due;
mod keychain;
mod links;
mod local_time;
pub mod network;
pub mod notifications;
mod opening;
mod organisation;
pub mod preferences;
mod profile;
mod settings;
mod start;
pub mod support;
mod telemetry;
mod tray;
pub mod updates;
mod window;
pub mod words;

pub use app::run;
