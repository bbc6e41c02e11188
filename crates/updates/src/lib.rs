//! New versions of the app: found, fetched, proved and put in the place of the old one.
//!
//! Read in this order: [`platform`] (which file is for this installation), [`manifest`] (what a server offers) and
//! [`verdict`] (whether it is wanted), [`seal`] (whether a file is what its makers signed), [`web`] and [`Fetcher`] (how it
//! gets here), [`Shelf`] (where it waits), [`install`] (how it takes the place of the old one) and [`succession`] (the
//! new one starts, or the old one comes back).
//!
//! A server is believed nothing: what is run was signed by the key of this build, under the version it claims to be.
//! Nothing here decides when to look or to install; the app does.

pub mod fetch;
pub mod install;
pub mod manifest;
pub mod platform;
pub mod seal;
pub mod shelf;
pub mod succession;
pub mod verdict;
pub mod web;

pub use crate::fetch::{FetchFault, Fetcher, Patience, Progress};
pub use crate::manifest::{Manifest, Release};
pub use crate::platform::{Kind, Platform};
pub use crate::seal::{Key, Seal, SealFault};
pub use crate::shelf::{Shelf, Waiting};
pub use crate::verdict::{Channel, Verdict};
pub use crate::web::{Source, Web, WebFault};
pub use semver::Version;
