//! Writes the TypeScript types of what a window exchanges with the resident app beside the client's.
//!
//! `cargo run -p loquat-desktop --example export_device_types -- DIRECTORY`. Types no longer exported leave no file
//! behind: the directory is emptied of `.ts` files first.

use std::path::PathBuf;

use anyhow::Context;
use loquat_desktop::autostart::AutostartView;
use loquat_desktop::network::{NetworkView, ProxyLoginChoice};
use loquat_desktop::notifications::TestResult;
use loquat_desktop::notifications::journal::JournalLine;
use loquat_desktop::preferences::Preferences;
use loquat_desktop::support::SupportView;
use loquat_desktop::updates::view::UpdatesChange;
use loquat_desktop::words::Words;
use policy::PolicyView;
use ts_rs::{Config, TS};

fn main() -> anyhow::Result<()> {
    let directory: PathBuf = std::env::args_os()
        .nth(1)
        .context("name the directory to write to")?
        .into();
    std::fs::create_dir_all(&directory)?;
    for entry in std::fs::read_dir(&directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ts") {
            std::fs::remove_file(path)?;
        }
    }
    let config = Config::new().with_large_int("number").with_out_dir(&directory);
    Preferences::export_all(&config)?;
    Words::export_all(&config)?;
    SupportView::export_all(&config)?;
    NetworkView::export_all(&config)?;
    ProxyLoginChoice::export_all(&config)?;
    TestResult::export_all(&config)?;
    JournalLine::export_all(&config)?;
    AutostartView::export_all(&config)?;
    PolicyView::export_all(&config)?;
    UpdatesChange::export_all(&config)?;
    Ok(())
}
