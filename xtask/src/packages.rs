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

/// What knows the rules of menus and software catalogues on Linux.
pub(crate) const DESKTOP_ENTRY_TEST: &[&str] = &["appstream", "desktop-file-utils"];

/// What reads packages back, and what can fetch the Go that their packer is written in.
pub(crate) const PACKAGE_TEST: &[&str] = &["python3", "python3-venv", "rpm"];

/// What reads the scripts inside a workflow, and what can fetch the Go that its reader is written in.
pub(crate) const WORKFLOW_TEST: &[&str] = &["python3", "python3-venv", "shellcheck"];

/// What makes a Debian in a folder.
pub(crate) const CLEAN_ROOT: &[&str] = &["mmdebstrap"];

/// What stands in front of the services on one machine.
pub(crate) const GATEWAY: &[&str] = &["nginx"];

/// What makes virtual environments of Python.
pub(crate) const DEPLOYMENT_TEST: &[&str] = &["python3", "python3-venv"];

/// Prometheus, and what reads its settings like itself.
pub(crate) const OBSERVABILITY_TEST: &[&str] = &["prometheus"];

/// What makes virtual environments of Python, for the readers of Terraform's plans.
pub(crate) const TERRAFORM_TEST: &[&str] = &["python3", "python3-venv"];

/// Packages that bring a server along which Debian would start at once and at every boot, and the name of its unit.
const DAEMONS: [(&str, &str); 4] = [
    ("nginx", "nginx"),
    ("prometheus", "prometheus"),
    ("rabbitmq-server", "rabbitmq-server"),
    ("redis-server", "redis-server"),
];

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
        "packages are missing; install them with\n\n  {}\n{}",
        line_to_run(&missing),
        warning_of_daemons(&missing)
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

/// Other systems name their packages differently: there we only look whether the libraries and programs can be used.
fn ensure_without_dpkg(packages: &[&str]) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    if processes::answer(command(&["cc", "--version"])).is_none() {
        missing.push("a C compiler");
    }
    let wants_web_view = packages.contains(&"libwebkit2gtk-4.1-dev");
    if wants_web_view && processes::answer(command(&["pkg-config", "--modversion", "webkit2gtk-4.1"])).is_none() {
        missing.push("the development files of WebKitGTK 4.1 (webkit2gtk-4.1 in pkg-config)");
    }
    let programs: [(&str, &[&str], &str); 9] = [
        (
            "redis-server",
            &["redis-server", "--version"],
            "Redis 7 (redis-server), or its address in TEST_REDIS_URL and TEST_REDIS_CLUSTER_URL",
        ),
        (
            "rabbitmq-server",
            &["sh", "-c", "command -v rabbitmq-server"],
            "RabbitMQ (rabbitmq-server), or its address in TEST_AMQP_URL",
        ),
        (
            "python3-venv",
            &["python3", "-c", "import ensurepip"],
            "Python 3 with venv",
        ),
        ("nginx", &["nginx", "-v"], "nginx"),
        ("prometheus", &["promtool", "--version"], "promtool (of Prometheus)"),
        ("rpm", &["rpm", "--version"], "rpm"),
        ("mmdebstrap", &["mmdebstrap", "--version"], "mmdebstrap"),
        ("appstream", &["appstreamcli", "--version"], "appstreamcli"),
        (
            "desktop-file-utils",
            &["sh", "-c", "command -v desktop-file-validate"],
            "desktop-file-validate",
        ),
    ];
    for (package, question, name) in programs {
        if packages.contains(&package) && processes::answer(command(question)).is_none() {
            missing.push(name);
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        bail!("missing on this machine: {}", missing.join("; "))
    }
}

/// Servers are installed asleep: Debian asks `policy-rc.d` before it starts one, and those that are new are switched off
/// for the next boot, too. One that was there before is never touched.
fn install(shell: &[&str], packages: &[&str]) -> Command {
    let units = units(packages);
    let (before, after) = if units.is_empty() {
        (String::new(), String::new())
    } else {
        (
            "policy=/usr/sbin/policy-rc.d\n\
             if [ ! -e $policy ]; then\n\
             trap 'rm -f $policy' EXIT\n\
             trap 'exit 1' HUP INT TERM\n\
             printf '#!/bin/sh\\nexit 101\\n' >$policy && chmod 755 $policy\n\
             fi\n"
                .to_owned(),
            format!(
                " || exit\n\
                 if command -v systemctl >/dev/null; then systemctl disable --quiet {} || true; fi",
                units.join(" ")
            ),
        )
    };
    let mut install = command(shell);
    install.arg(format!(
        "export DEBIAN_FRONTEND=noninteractive\n{before}\
         apt-get update -q && apt-get install -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends {}{after}",
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

/// What a person should know who runs [`line_to_run`]: apt starts servers that Loquat does not use.
fn warning_of_daemons(packages: &[&str]) -> String {
    let units = units(packages).join(" ");
    if units.is_empty() {
        return String::new();
    }
    format!(
        "\nThat also starts {units} on the usual ports, which Loquat does not use: it starts its own.\n\
         If you do not want them:\n\n  sudo systemctl disable --now {units}\n"
    )
}

/// The servers that come with these packages.
fn units(packages: &[&str]) -> Vec<&'static str> {
    let brought = DAEMONS.iter().filter(|(package, _)| packages.contains(package));
    brought.map(|(_, unit)| *unit).collect()
}

pub(crate) fn is_root() -> bool {
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

    /// The script that a command hands to its shell.
    fn script(install: &Command) -> String {
        install.get_args().last().unwrap().to_string_lossy().into_owned()
    }

    #[test]
    fn servers_are_installed_asleep() {
        let script = script(&install(&["true"], &["redis-server", "python3"]));

        let (before, after) = script.split_once("apt-get install").unwrap();
        assert!(before.contains("policy-rc.d"), "{before}");
        assert!(after.contains("systemctl disable --quiet redis-server ||"), "{after}");
    }

    #[test]
    fn packages_without_a_server_are_installed_as_they_are() {
        let script = script(&install(&["true"], &["python3"]));

        assert!(
            !script.contains("policy-rc.d") && !script.contains("systemctl"),
            "{script}"
        );
    }

    #[test]
    fn who_installs_by_hand_is_told_of_the_servers() {
        assert!(warning_of_daemons(&["nginx"]).contains("sudo systemctl disable --now nginx"));
        assert_eq!(warning_of_daemons(&["xvfb"]), "");
    }
}
