//! The window: a webview that shows the interface, and passes on what it asks and what it hears.
//!
//! Read in this order: [`start`] (what the program is started with), [`app`] (start to end), [`relay`] (commands out,
//! changes in), [`window`]. The resident app at the other side of the door owns everything: this program may be
//! ended at any moment and nothing is lost. It ends by itself when the resident is gone.

mod app;
mod relay;
mod start;
mod window;

pub use app::run;
