//! The places where administrators put a policy: one per system, each read into the same values.
//!
//! A place that is not there is an empty policy and no fault. A source only reads; it never writes, waits or asks.

#[cfg(unix)]
mod files;
#[cfg(any(unix, test))]
pub(crate) mod json;
#[cfg(any(target_os = "macos", test))]
pub(crate) mod managed_preferences;
#[cfg(any(windows, test))]
mod registry;
#[cfg(unix)]
mod trusted;

use std::sync::Arc;

#[cfg(unix)]
pub use self::files::PolicyFiles;
#[cfg(target_os = "macos")]
pub use self::managed_preferences::ManagedPreferences;
#[cfg(windows)]
pub use self::registry::Registry;
#[cfg(unix)]
pub use self::trusted::Administrator;
use crate::reading::Reading;

/// The key that group policy writes, below `HKEY_LOCAL_MACHINE` and `HKEY_CURRENT_USER`. People cannot write below
/// `Policies`, not even in their own.
pub(crate) const REGISTRY_KEY: &str = r"Software\Policies\Loquat";

/// Somewhere a policy can be read from.
pub trait Source: Send + Sync {
    /// Everything that is set there now.
    fn read(&self) -> Reading;
}

/// Where the administrators of this system put a policy.
pub fn of_this_system() -> Arc<dyn Source> {
    #[cfg(windows)]
    return Arc::new(Registry);
    #[cfg(target_os = "macos")]
    return Arc::new(ManagedPreferences::of_this_system());
    #[cfg(all(unix, not(target_os = "macos")))]
    return Arc::new(PolicyFiles::of_this_system());
}
