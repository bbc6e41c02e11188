//! Whether Linux desktops understand what `packaging/linux` tells them about the app.

use std::process::Command;

use crate::checkout::Checkout;
use crate::steps::Output;

/// Fails when the entry of the menu or the page of the software catalogue is not as their specifications say.
///
/// Needs the packages of the desktop entry test.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let folder = checkout.root().join("packaging/linux");
    let mut entry = Command::new("desktop-file-validate");
    entry.arg("org.loquat.desktop.desktop").current_dir(&folder);
    output.follow(entry)?;
    let mut page = Command::new("appstreamcli");
    page.args(["validate", "--no-net", "--no-color", "org.loquat.desktop.metainfo.xml"])
        .current_dir(&folder);
    output.follow(page)
}
