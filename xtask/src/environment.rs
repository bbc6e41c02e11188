//! What the toolbox reads from its environment, all in one place.

use std::ffi::OsString;
use std::path::PathBuf;

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the toolbox reads its environment"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A folder for builds that the person chose.
pub(crate) fn chosen_target_dir() -> Option<PathBuf> {
    variable("CARGO_TARGET_DIR").map(PathBuf::from)
}

/// Where this person's programs keep what can be made again.
pub(crate) fn cache_dir() -> Option<PathBuf> {
    variable("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| home().map(|home| home.join(".cache")))
}

/// Where cargo keeps what it downloaded.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    variable("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| home().map(|home| home.join(".cargo")))
}

/// The folder of plug-ins that Terraform takes its provider from.
pub(crate) fn terraform_plugins() -> Option<PathBuf> {
    variable("TF_PLUGIN_DIR").map(PathBuf::from)
}

/// The person's own folder.
pub(crate) fn home() -> Option<PathBuf> {
    variable("HOME").map(PathBuf::from)
}

/// Whether a window can be opened.
pub(crate) fn has_display() -> bool {
    variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some()
}

/// The address the person wants the server to listen on.
pub(crate) fn chosen_listen() -> Option<String> {
    variable("LISTEN").and_then(|value| value.into_string().ok())
}

/// A server that a person names instead of the one that the toolbox would start.
pub(crate) fn chosen_server(name: &str) -> Option<String> {
    variable(name).and_then(|value| value.into_string().ok())
}

/// Whether this is the continuous integration, where nothing may be left out.
pub(crate) fn is_continuous_integration() -> bool {
    variable("CI").is_some_and(|value| value != "false")
}
