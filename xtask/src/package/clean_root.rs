//! A Debian with nothing on it but what every Debian has, in a folder: what a package forgot to ask for is missing there.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::checkout::Checkout;
use crate::processes;
use crate::steps::Output;

/// Runs a program in the root, with the devices, the processes and the `/tmp` of this machine. The mounts are this
/// program's alone and end with it, and its process is the one that was started.
const ENTER: &str = r#"#!/bin/sh
exec unshare --mount --propagation private sh -ec '
root=$1
shift
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount --rbind /tmp "$root/tmp"
mount -t proc proc "$root/proc"
exec chroot "$root" "$@"
' enter ROOT "$@"
"#;

/// Where this machine says which packages it may install.
const SOURCES: &str = "/etc/apt/sources.list.d";

pub(super) struct CleanRoot {
    folder: PathBuf,
    enter: PathBuf,
}

impl CleanRoot {
    /// Makes it anew, from where this machine has its own packages.
    pub(super) fn make(checkout: &Checkout, output: &Output) -> anyhow::Result<Self> {
        let folder = checkout.kept("clean-root/root")?;
        let enter = checkout.kept("clean-root/enter")?;
        let root = Self { folder, enter };
        root.remove()?;
        let mut make = Command::new("mmdebstrap");
        make.args(["--variant=apt", "--mode=root", "--quiet", &release()?])
            .arg(&root.folder)
            .args(sources()?);
        output.follow(make).context("making a clean root")?;
        for name in ["resolv.conf", "hosts"] {
            let own = root.folder.join("etc").join(name);
            fs::copy(Path::new("/etc").join(name), own).with_context(|| format!("copying /etc/{name}"))?;
        }
        let name = root
            .folder
            .to_str()
            .context("the checkout lies in a folder without a proper name")?;
        ensure!(
            !name.contains('\''),
            "the checkout lies in a folder with a ' in its name"
        );
        fs::write(&root.enter, ENTER.replace("ROOT", &format!("'{name}'")))?;
        fs::set_permissions(&root.enter, Permissions::from_mode(0o755))?;
        Ok(root)
    }

    /// Takes everything of it away. Mounts are never in it from here.
    pub(super) fn remove(&self) -> anyhow::Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).with_context(|| format!("removing {}", self.folder.display()))?;
        }
        Ok(())
    }

    /// A program of the root.
    pub(super) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.enter);
        command
            .arg(program)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// What a program of the root prints.
    pub(super) fn answer(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let answer = processes::answer(self.command(program, arguments));
        answer.with_context(|| format!("{program} {arguments:?} failed in the clean root"))
    }

    /// A program of the root as one program of this machine, for those who can start only such.
    pub(super) fn as_program(&self, name: &str, inside: &str) -> anyhow::Result<PathBuf> {
        let program = self.enter.with_file_name(name);
        let text = format!("#!/bin/sh\nexec '{}' {inside} \"$@\"\n", self.enter.display());
        fs::write(&program, text).with_context(|| format!("writing {}", program.display()))?;
        fs::set_permissions(&program, Permissions::from_mode(0o755))?;
        Ok(program)
    }

    /// Where a path of the root lies on this machine.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside.trim_start_matches('/'))
    }

    /// What runs a program in it.
    pub(super) fn enter(&self) -> &Path {
        &self.enter
    }
}

/// The name of the release of this machine.
fn release() -> anyhow::Result<String> {
    let text = fs::read_to_string("/etc/os-release").context("reading /etc/os-release")?;
    let name = text.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    Ok(name.context("this machine has no Debian")?.trim_matches('"').to_owned())
}

/// The files that name where packages come from.
fn sources() -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(SOURCES).with_context(|| format!("reading {SOURCES}"))? {
        let file = entry?.path();
        if file.extension().is_some_and(|kind| kind == "sources" || kind == "list") {
            files.push(file);
        }
    }
    let usual = PathBuf::from("/etc/apt/sources.list");
    if fs::metadata(&usual).is_ok_and(|found| found.len() > 0) {
        files.push(usual);
    }
    files.sort();
    Ok(files)
}
