//! The packages of the operating system that a build or a test needs: looked for, installed where we may.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::process::Command;

use anyhow::bail;

use crate::processes;
use crate::steps::Output;

/// A C compiler for the embedded database, and what finds the libraries of the others.
pub(crate) const SERVER: &[&str] = &["build-essential", "pkg-config"];

/// What the demonstrations against the server need: the clients beside the protocol page are in Python.
pub(crate) const SERVER_TEST: &[&str] = &["build-essential", "pkg-config", "python3"];

/// The web view of the app, with everything it brings along.
pub(crate) const APP: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];

/// Python for the clients beside the protocol page, a screen without a monitor, a driver for the web view, a session bus, a keychain, and letters to draw.
pub(crate) const WINDOW_TEST: &[&str] = &[
    "python3",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "gnome-keyring",
    "libsecret-tools",
    "fonts-dejavu-core",
    "fonts-noto-color-emoji",
];

/// A browser that measures and draws the screens without a window.
pub(crate) const SCREENS_TEST: &[&str] = &["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"];

/// Makes sure that all packages are installed; where we may not install, it fails with the one line to run.
pub(crate) fn ensure(packages: &[&'static str], output: &Output) -> anyhow::Result<()> {
    let Some(installed) = installed(packages) else {
        return ensure_without_dpkg(packages);
    };
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|name| !installed.contains(*name))
        .collect();
    if missing.is_empty() {
        println!("   installed: {}", packages.join(" "));
        return Ok(());
    }
    println!("   missing: {}", missing.join(" "));
    if is_root() {
        return output.follow(install(&["sh", "-c"], &missing));
    }
    if may_use_sudo() {
        // sudo may ask for a password, so it keeps the terminal and our process group.
        let status = install(&["sudo", "sh", "-c"], &missing).status()?;
        return if status.success() {
            Ok(())
        } else {
            bail!("apt-get ended with {status}")
        };
    }
    bail!(
        "packages are missing; install them with\n\n  {}\n",
        line_to_run(&missing)
    )
}

/// The packages of these that dpkg knows as installed, or none when this machine has no dpkg.
fn installed(packages: &[&str]) -> Option<HashSet<String>> {
    processes::answer(command(&["dpkg", "--version"]))?;
    let mut query = command(&["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n"]);
    // It fails when a package is unknown, and still tells about the others.
    let answer = query.args(packages).output().ok()?;
    Some(parse_installed(&String::from_utf8_lossy(&answer.stdout)))
}

fn parse_installed(answer: &str) -> HashSet<String> {
    answer
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .map(str::to_owned)
        .collect()
}

/// Other systems name their packages differently: there we only look whether the libraries can be used.
fn ensure_without_dpkg(packages: &[&str]) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    if processes::answer(command(&["cc", "--version"])).is_none() {
        missing.push("a C compiler");
    }
    let wants_web_view = packages.contains(&"libwebkit2gtk-4.1-dev");
    if wants_web_view && processes::answer(command(&["pkg-config", "--modversion", "webkit2gtk-4.1"])).is_none() {
        missing.push("the development files of WebKitGTK 4.1 (webkit2gtk-4.1 in pkg-config)");
    }
    if missing.is_empty() {
        Ok(())
    } else {
        bail!("missing on this machine: {}", missing.join(", "))
    }
}

fn install(shell: &[&str], packages: &[&str]) -> Command {
    let mut install = command(shell);
    install.arg(format!(
        "export DEBIAN_FRONTEND=noninteractive\n\
         apt-get update -q && apt-get install -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends {}",
        packages.join(" ")
    ));
    install
}

fn line_to_run(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

fn is_root() -> bool {
    processes::answer(command(&["id", "-u"])).as_deref() == Some("0")
}

/// Whether sudo works without a password, or can ask a person for it.
fn may_use_sudo() -> bool {
    let exists = processes::answer(command(&["sudo", "--version"])).is_some();
    exists && (io::stdin().is_terminal() || processes::answer(command(&["sudo", "-n", "true"])).is_some())
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_that_are_installed_count() {
        let installed = parse_installed("installed xvfb\nconfig-files dbus\nnot-installed xauth\n");

        assert_eq!(installed, HashSet::from(["xvfb".to_owned()]));
    }

    #[test]
    fn the_line_to_run_can_be_pasted() {
        assert_eq!(
            line_to_run(&["xvfb", "dbus"]),
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb dbus"
        );
    }
}
