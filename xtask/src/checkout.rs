//! This checkout of the repository, and where things are kept for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::environment;

/// The working copy this toolbox was built in.
pub(crate) struct Checkout {
    root: PathBuf,
    target: PathBuf,
    target_is_shared: bool,
}

impl Checkout {
    pub(crate) fn find() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()
            .context("finding the checkout")?;
        let (target, target_is_shared) = match (environment::chosen_target_dir(), environment::cache_dir()) {
            (Some(chosen), _) => (root.join(chosen), false),
            (None, Some(cache)) => (cache.join("loquat").join("target"), true),
            (None, None) => (root.join("target"), false),
        };
        Ok(Self {
            root,
            target,
            target_is_shared,
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo builds. Shared by all checkouts of this person unless `CARGO_TARGET_DIR` says otherwise, so
    /// that a fresh clone does not compile the dependencies again.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    pub(crate) fn target_is_shared(&self) -> bool {
        self.target_is_shared
    }

    /// Where the toolbox keeps programs it installed, beside the builds.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.with_file_name("tools")
    }

    /// A path below `.loquat/`, which holds everything this checkout keeps: data, logs, stamps. Its folder exists.
    pub(crate) fn kept(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.root.join(".loquat").join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        Ok(path)
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("desktop-ui")
    }

    /// A cargo command that builds into [`Self::target`].
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            // A test says what failed; where its error was made would bury that. Panics keep their frames.
            .env("RUST_LIB_BACKTRACE", "0");
        // Set by `cargo xtask` for its own package; the build scripts of others must not see them.
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PKG_NAME",
            "CARGO_PKG_VERSION",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// An npm command in the window's folder.
    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir(self.ui());
        command
    }
}
