//! `cargo xtask package`: the app as people install it on Linux, as `.deb` and as `.rpm`, from one description.

pub(crate) mod briefly;
mod clean_root;
mod contents;
pub(crate) mod installed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use clap::Args;

use crate::checkout::Checkout;
use crate::go::Program;
use crate::steps::{Output, Steps};
use crate::{builds, check, packages, processes};

/// What the packages hold, for both kinds.
const DESCRIPTION: &str = "packaging/nfpm.yaml";

/// What makes them. Newer versions need a module that the public proxy does not hand out.
const NFPM: Program = Program {
    name: "nfpm",
    module: "github.com/goreleaser/nfpm/v2/cmd/nfpm",
    version: "v2.45.0",
};

/// The version of everything in this checkout.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How the packages are made.
#[derive(Args)]
pub(crate) struct Wish {
    /// The version that the packages bear
    #[arg(long, default_value = VERSION)]
    version: String,
    /// Package the two programs in this folder instead of building them
    #[arg(long)]
    programs: Option<PathBuf>,
}

/// One app, packed twice.
pub(crate) struct Packages {
    pub(crate) deb: PathBuf,
    pub(crate) rpm: PathBuf,
}

/// Builds both programs small and packs them.
pub(crate) fn package(checkout: &Checkout, wish: &Wish) -> ExitCode {
    let mut steps = Steps::shown(checkout);
    let mut programs = wish.programs.clone();
    if programs.is_none() {
        check::prepare(checkout, &mut steps);
        steps.needed("programs", |output| {
            programs = Some(builds::small_programs(checkout, output)?);
            Ok(())
        });
    }
    steps.step("packages", |output| {
        packages::ensure(packages::PACKAGE_TEST, output)?;
        let programs = programs.as_deref().context("there are no programs to package")?;
        let packages = pack(checkout, programs, &wish.version, output)?;
        contents::hold(&packages)?;
        packages.tell()
    });
    steps.finish()
}

/// Packs the two programs in a folder, into `.loquat/packages/`.
pub(crate) fn pack(checkout: &Checkout, programs: &Path, version: &str, output: &Output) -> anyhow::Result<Packages> {
    let nfpm = NFPM.ensure(checkout, output)?;
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => bail!("nobody has packaged Loquat for {other} yet"),
    };
    let packed = |kind: &str| {
        let package = checkout.kept(&format!("packages/loquat_{version}_{architecture}.{kind}"))?;
        let mut pack = Command::new(&nfpm);
        pack.args(["package", "--config", DESCRIPTION, "--packager", kind, "--target"])
            .arg(&package)
            .env("VERSION", version)
            .env("ARCHITECTURE", architecture)
            .env("PROGRAMS", programs.canonicalize().context("finding the programs")?)
            .env("SOURCE_DATE_EPOCH", time_of_commit(checkout)?)
            .current_dir(checkout.root());
        output.follow(pack).with_context(|| format!("packing the .{kind}"))?;
        Ok::<_, anyhow::Error>(package)
    };
    Ok(Packages {
        deb: packed("deb")?,
        rpm: packed("rpm")?,
    })
}

/// Seconds since 1970, so that the same programs of the same commit make the same packages, byte by byte.
fn time_of_commit(checkout: &Checkout) -> anyhow::Result<String> {
    let mut ask = Command::new("git");
    ask.args(["log", "-1", "--format=%ct"]).current_dir(checkout.root());
    processes::answer(ask).context("asking git when the last commit was made")
}

impl Packages {
    /// Says where they are and how large.
    pub(crate) fn tell(&self) -> anyhow::Result<()> {
        for package in [&self.deb, &self.rpm] {
            println!("   {}: {:.2} MB", package.display(), megabytes(size(package)?));
        }
        Ok(())
    }
}

/// Bytes of a file.
pub(crate) fn size(file: &Path) -> anyhow::Result<u64> {
    let found = fs::metadata(file).with_context(|| format!("looking at {}", file.display()))?;
    Ok(found.len())
}

#[expect(clippy::cast_precision_loss, reason = "a size for people to read")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
