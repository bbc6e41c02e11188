//! The window's own part, written in TypeScript: installed and built only when something changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::checkout::Checkout;
use crate::processes;
use crate::steps::Output;

/// What a build does not depend on.
const NOT_SOURCES: [&str; 4] = ["node_modules", "dist", "dist-fake", "coverage"];

/// `npm ci`, only when the lock file or Node changed since the last time.
pub(crate) fn install(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let lock = checkout.ui().join("package-lock.json");
    let lock = fs::read_to_string(&lock).with_context(|| format!("reading {}", lock.display()))?;
    let node = processes::answer(node_version()).unwrap_or_default();
    let wanted = format!("{:016x} {node}\n", hash(&lock));
    let stamp = checkout.ui().join("node_modules").join(".installed");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        println!("   as in package-lock.json already");
        return Ok(());
    }
    output.follow(checkout.npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

/// `npm run build` into `desktop-ui/dist/`, only when a source changed since the last time.
pub(crate) fn build(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let wanted = format!("{:016x}\n", fingerprint(&checkout.ui())?);
    let stamp = checkout.kept("stamps/ui-build")?;
    let is_built = checkout.ui().join("dist").join("index.html").exists();
    if is_built && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        println!("   built already");
        return Ok(());
    }
    output.follow(checkout.npm(&["run", "build"]))?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

/// How the screens behave in a browser: what follows the end, what keeps its place, where the focus goes.
///
/// Needs the packages of the screens test.
pub(crate) fn behaviour(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    output.follow(checkout.npm(&["run", "behaviour"]))
}

/// A picture of every screen in both themes and three sizes, each looked through by axe for faults of accessibility.
///
/// Needs the packages of the screens test.
pub(crate) fn pictures(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let folder = checkout.kept("pictures/screens")?;
    println!("   the pictures go to {}", folder.display());
    output.follow(checkout.npm(&["run", "pictures", "--", &folder.to_string_lossy()]))
}

/// Builds the interface over the scripted host, for a browser.
pub(crate) fn build_fake(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    output.follow(checkout.npm(&["run", "build:fake"]))
}

fn node_version() -> std::process::Command {
    let mut command = std::process::Command::new("node");
    command.arg("--version");
    command
}

/// A number that changes with the name or the content of any source.
fn fingerprint(folder: &Path) -> anyhow::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in sources(folder)? {
        file.strip_prefix(folder)?.hash(&mut hasher);
        fs::read(&file)
            .with_context(|| format!("reading {}", file.display()))?
            .hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// All sources below a folder, in a fixed order.
fn sources(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let is_source = path
            .file_name()
            .is_some_and(|name| !NOT_SOURCES.iter().any(|other| name == *other));
        if is_source && path.is_dir() {
            files.extend(sources(&path)?);
        } else if is_source {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
