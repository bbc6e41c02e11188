//! `cargo xtask update-manifest`: what installed apps ask for. `stable.json` or `beta.json`, written from a folder with
//! the files of a release and their signatures.
//!
//! It signs nothing and knows no key: whoever holds the key signs, elsewhere. It only puts together what fits together,
//! and refuses what apps would refuse as well.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value, json};

/// What to write, from what.
#[derive(clap::Args)]
pub(crate) struct Wish {
    /// The folder with `loquat_VERSION_ARCH.EXT` and, beside each, `.minisig` or `.sig`; the manifest is written there
    #[arg(long)]
    assets: PathBuf,
    /// `stable` or `beta`
    #[arg(long)]
    channel: Channel,
    /// The version of the files
    #[arg(long)]
    version: String,
    /// The address of the folder on the web that the files will lie in
    #[arg(long)]
    url: String,
    /// A file with what is new, in Markdown
    #[arg(long)]
    notes: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Channel {
    Stable,
    Beta,
}

/// The endings of files that apps can install, with the system and the sort that manifests name them by.
const SORTS: [(&str, &str, &str); 6] = [
    ("AppImage", "linux", "appimage"),
    ("deb", "linux", "deb"),
    ("rpm", "linux", "rpm"),
    ("exe", "windows", "nsis"),
    ("msi", "windows", "msi"),
    ("dmg", "darwin", "app"),
];

pub(crate) fn write(wish: &Wish) -> anyhow::Result<ExitCode> {
    let manifest = manifest(wish)?;
    let name = match wish.channel {
        Channel::Stable => "stable.json",
        Channel::Beta => "beta.json",
    };
    let file = wish.assets.join(name);
    fs::write(&file, format!("{manifest:#}\n")).with_context(|| format!("writing {}", file.display()))?;
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}

fn manifest(wish: &Wish) -> anyhow::Result<Value> {
    let is_finished = !wish.version.contains('-');
    ensure!(
        wish.channel == Channel::Beta || is_finished,
        "{} is still being tried: it belongs to the beta channel",
        wish.version
    );
    ensure!(
        wish.url.starts_with("https://"),
        "apps fetch from encrypted servers only, and {} is none",
        wish.url
    );
    let notes = match &wish.notes {
        Some(file) => fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?,
        None => String::new(),
    };
    let platforms = platforms(wish)?;
    ensure!(
        !platforms.is_empty(),
        "{} has no file of version {} that an app can install",
        wish.assets.display(),
        wish.version
    );
    Ok(json!({
        "version": wish.version,
        "notes": notes.trim(),
        "pub_date": now()?,
        "platforms": platforms,
    }))
}

fn platforms(wish: &Wish) -> anyhow::Result<Map<String, Value>> {
    let mut platforms = Map::new();
    let entries = fs::read_dir(&wish.assets).with_context(|| format!("reading {}", wish.assets.display()))?;
    for entry in entries {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        let keys = keys_of(name, &wish.version);
        if keys.is_empty() {
            continue;
        }
        let file = json!({
            "url": format!("{}/{name}", wish.url.trim_end_matches('/')),
            "signature": signature(&wish.assets, name)?,
        });
        for key in keys {
            platforms.insert(key, file.clone());
        }
    }
    Ok(platforms)
}

/// The places of a file in the manifest; none when it is not of this version, or nothing that an app installs.
fn keys_of(name: &str, version: &str) -> Vec<String> {
    let Some(rest) = name.strip_prefix(&format!("loquat_{version}_")) else {
        return Vec::new();
    };
    let Some((arch, (_, system, sort))) = SORTS
        .iter()
        .find_map(|sort| Some((rest.strip_suffix(sort.0)?.strip_suffix('.')?, sort)))
    else {
        return Vec::new();
    };
    let archs: &[&str] = match arch {
        "x86_64" | "amd64" | "x64" => &["x86_64"],
        "aarch64" | "arm64" => &["aarch64"],
        "universal" if *system == "darwin" => &["x86_64", "aarch64"],
        _ => &[],
    };
    archs.iter().map(|arch| format!("{system}-{arch}-{sort}")).collect()
}

/// The text of the signature, which names the file it is for.
fn signature(assets: &Path, name: &str) -> anyhow::Result<String> {
    let beside = |ending: &str| fs::read_to_string(assets.join(format!("{name}.{ending}"))).ok();
    if let Some(text) = beside("minisig") {
        let names_the_file = text
            .lines()
            .filter_map(|line| line.strip_prefix("trusted comment: "))
            .flat_map(|comment| comment.split(['\t', ' ']))
            .any(|field| field.strip_prefix("file:") == Some(name));
        ensure!(
            names_the_file,
            "the trusted comment of {name}.minisig does not say file:{name}, so apps refuse it; sign the file under this \
             name, without a comment of your own"
        );
        return Ok(text);
    }
    // What the tools of Tauri write: the same text, in base64.
    let Some(text) = beside("sig") else {
        bail!("{name} has no signature beside it: neither .minisig nor .sig");
    };
    Ok(text.trim().to_owned())
}

/// The time of now as manifests have it.
fn now() -> anyhow::Result<String> {
    let output = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]).output();
    let output = output.context("asking `date`")?;
    ensure!(output.status.success(), "`date` failed");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
