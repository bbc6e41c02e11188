//! The `.deb` on a clean machine: installed, used, upgraded while it runs, removed.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, ensure};

use super::clean_root::CleanRoot;
use super::{Packages, VERSION, contents, pack, size};
use crate::checkout::Checkout;
use crate::steps::{Output, Steps};
use crate::{builds, check, desktop_entry, packages, processes};

/// Bytes that the `.deb` may have.
const LARGEST: u64 = 15_000_000;

/// A version that every other one replaces.
const OLDER: &str = "0.0.1";

/// The test of the real window that is run on the installed app.
pub(crate) const STORY: &str = "an_installed_app_is_upgraded_under_the_person_and_removed";

/// Where the packages lie in the root while they are installed.
const INSIDE: &str = "/media/loquat.deb";

/// All of it, as steps.
pub(crate) fn prove(checkout: &Checkout, steps: &mut Steps<'_>) {
    steps.needed("root", |_| {
        ensure!(
            packages::is_root(),
            "only root can make a root of its own: sudo, or a virtual machine"
        );
        Ok(())
    });
    check::prepare(checkout, steps);
    steps.needed("test packages", |output| {
        packages::ensure(packages::WINDOW_TEST, output)?;
        packages::ensure(packages::DESKTOP_ENTRY_TEST, output)?;
        packages::ensure(packages::PACKAGE_TEST, output)?;
        packages::ensure(packages::CLEAN_ROOT, output)
    });
    steps.needed("server", |output| builds::programs(checkout, &[builds::SERVER], output));
    let mut packed = None;
    steps.needed("packages", |output| {
        let programs = builds::small_programs(checkout, output)?;
        let older = pack(checkout, &programs, OLDER, output)?;
        let newer = pack(checkout, &programs, VERSION, output)?;
        packed = Some((older, newer));
        Ok(())
    });
    steps.step("desktop entry", |output| desktop_entry::hold(checkout, output));
    steps.step("package", |output| {
        let (older, newer) = packed.as_ref().context("there are no packages")?;
        contents::hold(older)?;
        contents::hold(newer)?;
        newer.tell()?;
        let bytes = size(&newer.deb)?;
        ensure!(bytes < LARGEST, "the .deb has {bytes} bytes, more than {LARGEST}");
        live(checkout, (older, newer), output)
    });
}

/// From the first installation to the last file gone.
fn live(checkout: &Checkout, (older, newer): (&Packages, &Packages), output: &Output) -> anyhow::Result<()> {
    let root = CleanRoot::make(checkout, output)?;
    output.follow(root.command("apt-get", &["update", "-q"]))?;
    let bare = packages_in(&root)?;
    fs::copy(&older.deb, root.path(INSIDE)).context("handing over the package")?;
    output.follow(root.command("apt-get", &["install", "-q", "-y", "--no-install-recommends", INSIDE]))?;
    // What is only recommended, and keeps the list of what opens which link.
    let database = ["install", "-q", "-y", "--no-install-recommends", "desktop-file-utils"];
    output.follow(root.command("apt-get", &database))?;
    let brought = packages_in(&root)?.difference(&bare).count();
    println!("   version {OLDER} is installed on a bare system, with {brought} packages that it asked for");
    every_library_is_there(&root)?;
    links_open_the_app(&root)?;
    let installed = files_of_the_package(&root)?;

    let mut story = builds::workspace(
        checkout,
        "test",
        &["--test", "window", "--", "--nocapture", "--include-ignored", "--exact"],
    );
    story
        .arg(format!("installed::{STORY}"))
        .env("LOQUAT_APP", root.as_program("loquat", "/usr/bin/loquat")?)
        .env("LOQUAT_SERVER_BIN", builds::program(checkout, builds::SERVER)?)
        .env("LOQUAT_PICTURES", checkout.kept("pictures")?)
        .env("LOQUAT_CLEAN_ROOT", root.enter())
        .env("LOQUAT_NEWER_PACKAGE", &newer.deb)
        .env("LOQUAT_NEWER_VERSION", VERSION)
        // The one folder that is the same inside and outside.
        .env("TMPDIR", "/tmp");
    builds::in_turn(checkout, output, story)?;

    output.follow(root.command("dpkg", &["--purge", "loquat"]))?;
    nothing_is_left(&root, &installed)?;
    println!("   removed: none of its {} files is left", installed.len());
    root.remove()
}

/// The names of all packages that are installed.
fn packages_in(root: &CleanRoot) -> anyhow::Result<BTreeSet<String>> {
    let names = root.answer("dpkg-query", &["--show", "--showformat=${Package}\n"])?;
    Ok(names.lines().map(str::to_owned).collect())
}

fn every_library_is_there(root: &CleanRoot) -> anyhow::Result<()> {
    for program in ["/usr/bin/loquat", "/usr/lib/loquat/loquat-window"] {
        let libraries = root.answer("ldd", &[program])?;
        ensure!(
            !libraries.contains("not found"),
            "{program} lacks libraries:\n{libraries}"
        );
    }
    Ok(())
}

fn links_open_the_app(root: &CleanRoot) -> anyhow::Result<()> {
    let list = fs::read_to_string(root.path("/usr/share/applications/mimeinfo.cache"));
    let list = list.context("reading the list of what opens which link")?;
    ensure!(
        list.lines()
            .any(|line| line.starts_with("x-scheme-handler/loquat=org.loquat.desktop.desktop")),
        "loquat:// links do not open the app:\n{list}"
    );
    Ok(())
}

/// The files, without the folders, which other packages have as well.
fn files_of_the_package(root: &CleanRoot) -> anyhow::Result<Vec<String>> {
    let list = root.answer("dpkg", &["--listfiles", "loquat"])?;
    let files = list.lines().filter(|path| root.path(path).is_file());
    Ok(files.map(str::to_owned).collect())
}

fn nothing_is_left(root: &CleanRoot, installed: &[String]) -> anyhow::Result<()> {
    if let Some(left) = installed.iter().find(|path| root.path(path).exists()) {
        anyhow::bail!("{left} is still there");
    }
    fs::remove_file(root.path(INSIDE)).context("taking the package away")?;
    let mut find = std::process::Command::new("find");
    find.arg(root.path("/")).args(["-xdev", "-iname", "*loquat*"]);
    let found = processes::answer(find).context("looking for what is left")?;
    ensure!(found.is_empty(), "something of the app is left:\n{found}");
    Ok(())
}
