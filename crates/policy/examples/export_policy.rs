//! Writes everything that administrators work with.
//!
//! `cargo run -p policy --example export_policy -- DIRECTORY`, where the directory is the root of the repository, or an
//! empty one to compare with it.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use policy::documents;

fn main() -> anyhow::Result<()> {
    let root: PathBuf = std::env::args_os()
        .nth(1)
        .context("name the directory to write to")?
        .into();
    let folder = root.join(documents::FOLDER);
    if folder.exists() {
        // Documents that are written no longer leave nothing behind.
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    for document in documents::all() {
        let path = root.join(document.path);
        let parent = path.parent().context("a document lies in a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        fs::write(&path, document.text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
