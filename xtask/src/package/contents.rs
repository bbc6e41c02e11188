//! What is in the packages, read back by the programs of the systems that they are for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use super::Packages;
use crate::processes;

const PROGRAM: &str = "-rwxr-xr-x";
const FILE: &str = "-rw-r--r--";
const FOLDER: &str = "drwxr-xr-x";

/// What an installed app cannot do without, and the rights of each.
const NEEDED: [(&str, &str); 12] = [
    ("/usr/bin/loquat", PROGRAM),
    ("/usr/lib/loquat/loquat-window", PROGRAM),
    ("/usr/share/applications/org.loquat.desktop.desktop", FILE),
    ("/usr/share/metainfo/org.loquat.desktop.metainfo.xml", FILE),
    ("/usr/share/icons/hicolor/16x16/apps/org.loquat.desktop.png", FILE),
    ("/usr/share/icons/hicolor/512x512/apps/org.loquat.desktop.png", FILE),
    ("/usr/share/icons/hicolor/scalable/apps/org.loquat.desktop.svg", FILE),
    (
        "/usr/share/icons/hicolor/symbolic/apps/org.loquat.desktop-symbolic.svg",
        FILE,
    ),
    ("/usr/share/sounds/loquat/message.wav", FILE),
    ("/usr/share/doc/loquat/copyright", FILE),
    ("/usr/share/doc/loquat/third-party-licences.json", FILE),
    ("/usr/share/doc/loquat/policy/policy.schema.json", FILE),
];

/// Where packages may put files: never where the machine's owner or a person keeps theirs.
const PLACES: [&str; 3] = ["/usr/bin/loquat", "/usr/lib/loquat/", "/usr/share/"];

/// What the window is linked to, and which brings the rest along.
const DEPENDS: [&str; 2] = ["libgtk-3-0", "libwebkit2gtk-4.1-0"];

/// Rights and owner of everything in a package, by its path.
type Contents = BTreeMap<String, (String, String)>;

/// Fails naming everything in the packages that should be otherwise.
pub(crate) fn hold(packages: &Packages) -> anyhow::Result<()> {
    let (deb, rpm) = (of_deb(&packages.deb)?, of_rpm(&packages.rpm)?);
    let mut faults = faults(&deb);
    faults.extend(self::faults(&rpm));
    let (in_deb, in_rpm) = (files(&deb), files(&rpm));
    for path in in_deb.symmetric_difference(&in_rpm) {
        faults.push(format!("{path} is in one of the packages only"));
    }
    let depends = field_of_deb(&packages.deb, "Depends")?;
    for name in DEPENDS {
        if !depends.split(", ").any(|one| one == name) {
            faults.push(format!("the .deb does not depend on {name}"));
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!(
        "   {} files in each, with the rights and owners they need",
        in_deb.len()
    );
    Ok(())
}

/// What the control file of a `.deb` says.
pub(crate) fn field_of_deb(deb: &Path, field: &str) -> anyhow::Result<String> {
    let mut ask = Command::new("dpkg-deb");
    ask.arg("--field").arg(deb).arg(field);
    processes::answer(ask).with_context(|| format!("{} cannot be read", deb.display()))
}

fn of_deb(deb: &Path) -> anyhow::Result<Contents> {
    let mut list = Command::new("dpkg-deb");
    list.arg("--contents").arg(deb);
    let list = processes::answer(list).with_context(|| format!("{} cannot be read", deb.display()))?;
    Ok(parse_deb(&list))
}

fn of_rpm(rpm: &Path) -> anyhow::Result<Contents> {
    let mut check = Command::new("rpm");
    check.args(["--checksig", "--nosignature"]).arg(rpm);
    processes::answer(check).with_context(|| format!("{} is damaged", rpm.display()))?;
    let mut list = Command::new("rpm");
    let format = "[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\n]";
    list.args(["--query", "--package", "--queryformat", format]).arg(rpm);
    let list = processes::answer(list).with_context(|| format!("{} cannot be read", rpm.display()))?;
    Ok(parse_rpm(&list))
}

/// `-rwxr-xr-x root/root 7607024 2026-11-23 21:44 ./usr/bin/loquat`
fn parse_deb(list: &str) -> Contents {
    list.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (rights, owner) = (words.next()?, words.next()?);
            let path = words.nth(3)?.trim_start_matches('.').trim_end_matches('/');
            Some((path.to_owned(), (rights.to_owned(), owner.to_owned())))
        })
        .collect()
}

/// `-rwxr-xr-x root/root /usr/bin/loquat`
fn parse_rpm(list: &str) -> Contents {
    list.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (rights, owner, path) = (words.next()?, words.next()?, words.next()?);
            Some((path.to_owned(), (rights.to_owned(), owner.to_owned())))
        })
        .collect()
}

/// An `.rpm` names only the folders that are its own, so folders are not compared.
fn files(contents: &Contents) -> BTreeSet<&str> {
    contents
        .iter()
        .filter(|(_, (rights, _))| !rights.starts_with('d'))
        .map(|(path, _)| path.as_str())
        .collect()
}

fn faults(contents: &Contents) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, (rights, owner)) in contents {
        if owner != "root/root" {
            faults.push(format!("{path} belongs to {owner}"));
        }
        if ![PROGRAM, FILE, FOLDER].contains(&rights.as_str()) {
            faults.push(format!("{path} has the rights {rights}"));
        }
        if rights != FOLDER && !PLACES.iter().any(|place| path.starts_with(place)) {
            faults.push(format!("{path} is no place for files of a package"));
        }
    }
    for (path, wanted) in NEEDED {
        match contents.get(path) {
            Some((rights, _)) if rights == wanted => {}
            Some((rights, _)) => faults.push(format!("{path} has the rights {rights}, not {wanted}")),
            None => faults.push(format!("{path} is missing")),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Contents {
        NEEDED
            .iter()
            .map(|(path, rights)| ((*path).to_owned(), ((*rights).to_owned(), "root/root".to_owned())))
            .collect()
    }

    /// The faults when one more thing is in the package.
    fn with(path: &str, rights: &str, owner: &str) -> Vec<String> {
        let mut contents = all();
        contents.insert(path.to_owned(), (rights.to_owned(), owner.to_owned()));
        faults(&contents)
    }

    #[test]
    fn both_lists_are_read_alike() {
        let deb = parse_deb("-rwxr-xr-x root/root  7607024 2026-11-23 21:44 ./usr/bin/loquat\n");
        let rpm = parse_rpm("-rwxr-xr-x root/root /usr/bin/loquat\n");

        assert_eq!(deb, rpm);
        assert_eq!(files(&deb), BTreeSet::from(["/usr/bin/loquat"]));
    }

    #[test]
    fn what_is_as_it_should_be_is_no_fault() {
        assert_eq!(faults(&all()), Vec::<String>::new());
    }

    #[test]
    fn what_others_could_change_or_nobody_could_enter_is_a_fault() {
        let path = "/usr/share/doc/loquat/x";
        assert_eq!(with(path, "-rw-rw-rw-", "root/root").len(), 1);
        assert_eq!(with(path, FILE, "ada/ada").len(), 1);
        assert_eq!(with(path, "drw-r--r--", "root/root").len(), 1);
    }

    #[test]
    fn a_file_in_a_place_of_somebody_else_is_a_fault() {
        assert_eq!(with("/etc/cron.d/loquat", FILE, "root/root").len(), 1);
        assert_eq!(with("/etc/loquat", FOLDER, "root/root").len(), 0);
    }

    #[test]
    fn a_missing_program_is_a_fault() {
        let mut contents = all();
        contents.remove("/usr/bin/loquat");

        assert_eq!(faults(&contents), ["/usr/bin/loquat is missing"]);
    }
}
