//! The programs under test, and where pictures of them go.

use std::path::PathBuf;

use anyhow::Context;

/// What this test runs.
pub(crate) struct Programs {
    /// `LOQUAT_APP`: the desktop app, with the program of its window beside it; built beside this test when not set.
    pub(crate) app: PathBuf,
    /// `LOQUAT_SERVER_BIN`: the server; built beside this test when not set.
    pub(crate) server: PathBuf,
    /// `LOQUAT_PICTURES`: the folder for pictures of every step; `pictures` beside the programs when not set.
    pub(crate) pictures: PathBuf,
}

impl Programs {
    /// Reads the settings of this test and checks that the programs exist.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place where this test's settings are read"
    )]
    pub(crate) fn find() -> anyhow::Result<Self> {
        let built = built_beside()?;
        let path =
            |name: &str, default: &str| std::env::var_os(name).map_or_else(|| built.join(default), PathBuf::from);
        let programs = Self {
            app: path("LOQUAT_APP", "loquat"),
            server: path("LOQUAT_SERVER_BIN", "loquat-server"),
            pictures: path("LOQUAT_PICTURES", "pictures"),
        };
        for program in [&programs.app, &programs.server] {
            anyhow::ensure!(program.is_file(), "{} is not built", program.display());
        }
        Ok(programs)
    }
}

/// The folder Cargo builds programs into: this test lies in its `deps`.
fn built_beside() -> anyhow::Result<PathBuf> {
    let test = std::env::current_exe()?;
    Ok(test
        .ancestors()
        .nth(2)
        .context("this test lies in no target folder")?
        .to_owned())
}
