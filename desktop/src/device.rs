//! How this computer names itself in the list of a person's sessions.

use protocol::rest::identity::Device;

/// The computer's name and its operating system, as far as they can be known.
pub(crate) fn this_device() -> Device {
    Device {
        name: host_name().unwrap_or_else(|| "Computer".to_owned()),
        system: system(),
    }
}

#[cfg(target_os = "linux")]
fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(not(target_os = "linux"))]
fn host_name() -> Option<String> {
    // Set by Windows for every process; macOS has no variable for it.
    std::env::var_os("COMPUTERNAME")?.into_string().ok()
}

fn system() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    pretty_name(&release).unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// `PRETTY_NAME` of an os-release file, such as `Debian GNU/Linux 12 (bookworm)`.
fn pretty_name(release: &str) -> Option<String> {
    let value = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(value.trim_matches('"').to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_named_as_its_maker_names_it() {
        let release = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        assert_eq!(pretty_name(release).as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
        assert_eq!(pretty_name("NAME=x\n"), None);
    }
}
