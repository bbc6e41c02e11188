//! Makes what the product looks and sounds like: every icon from the drawings beside this program, and the sound of a
//! notification from three tones.
//!
//! `cargo run -p artwork -- DIRECTORY`. The files are committed and compared with what this makes, so the same drawings
//! always give the same bytes. It is for the toolbox and never a part of the product.

mod containers;
mod drawing;
mod icons;
mod sound;

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

/// One file, by its path below the folder of a package.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// The folders that hold nothing but what is made here.
const FOLDERS: [&str; 2] = ["icons", "sounds"];

fn main() -> anyhow::Result<()> {
    let root: PathBuf = std::env::args_os()
        .nth(1)
        .context("name the directory to write to")?
        .into();
    let mut made = icons::all()?;
    made.push(Made {
        path: "sounds/message.wav".to_owned(),
        bytes: sound::message(),
    });
    for folder in FOLDERS.map(|folder| root.join(folder)) {
        if folder.exists() {
            // What is made no longer leaves nothing behind.
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
    }
    for Made { path, bytes } in made {
        let path = root.join(path);
        let folder = path.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
