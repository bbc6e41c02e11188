//! The door of the resident app: the local socket at which its window and later starts of the program come in.
//!
//! The app is two programs. The resident one owns the session, the data and the notifications and lives as long as
//! the person is logged in; the window is a webview that comes and goes. Read in this order: [`message`] (what they
//! say to each other), [`place`] (where the door is), [`line`](mod@line) (frames on a connection).
//!
//! Whoever may open the door may read the person's messages, so it lies where only they can come. Nothing here
//! knows what a command means.

pub mod line;
pub mod message;
pub mod place;

pub use line::{DoorError, Line, Receiver, Sender};
pub use message::{Answer, FromWindow, Hello, Shown, ToWindow};
pub use place::{Door, connect};
