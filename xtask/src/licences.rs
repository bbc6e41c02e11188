//! The list of other people's work inside the app, which its settings show: from cargo's answer and npm's lock file.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::checkout::Checkout;
use crate::processes;

/// Where the list is kept, for the window to read.
pub(crate) const LIST: &str = "desktop-ui/src/text/licences.json";

/// The platform whose parts are listed; the others add only their own bindings of the system.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The crates that become the app: the resident program and its window.
const APP: [&str; 2] = ["loquat-desktop", "loquat-window"];

/// Name, version and licence of one part.
type Part = (String, String, String);

/// The list as it should be now, a line for each part.
pub(crate) fn list(checkout: &Checkout) -> anyhow::Result<String> {
    let metadata = checkout.cargo(&[
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        PLATFORM,
    ]);
    let metadata = processes::answer(metadata).context("asking cargo what the app is made of")?;
    let mut parts = crates(&serde_json::from_str(&metadata).context("reading cargo's answer")?)?;
    let lock = checkout.ui().join("package-lock.json");
    let lock = fs::read_to_string(&lock).with_context(|| format!("reading {}", lock.display()))?;
    parts.extend(npm_packages(
        &serde_json::from_str(&lock).context("reading npm's lock file")?,
    )?);
    let lines: Vec<String> = parts.iter().map(line).collect();
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}

fn line((name, version, licence): &Part) -> String {
    json!({ "name": name, "version": version, "licence": licence }).to_string()
}

/// Everything the app is linked from, without the house's own crates and without what only builds or tests it.
fn crates(metadata: &Value) -> anyhow::Result<BTreeSet<Part>> {
    let packages = metadata["packages"].as_array().context("cargo named no packages")?;
    let by_id: HashMap<&str, &Value> = packages
        .iter()
        .filter_map(|one| Some((one["id"].as_str()?, one)))
        .collect();
    let nodes = metadata["resolve"]["nodes"]
        .as_array()
        .context("cargo resolved nothing")?;
    let nodes: HashMap<&str, &Value> = nodes
        .iter()
        .filter_map(|one| Some((one["id"].as_str()?, one)))
        .collect();
    let mut waiting = Vec::new();
    for name in APP {
        let app = packages.iter().find(|package| package["name"] == name);
        let id = app.and_then(|app| app["id"].as_str());
        waiting.push(id.with_context(|| format!("cargo does not know {name}"))?);
    }
    let mut seen = HashSet::new();
    let mut parts = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let package = by_id.get(id).with_context(|| format!("cargo does not name {id}"))?;
        if !package["source"].is_null() {
            parts.insert(part(package["name"].as_str(), package)?);
        }
        let needs = nodes
            .get(id)
            .and_then(|node| node["deps"].as_array())
            .into_iter()
            .flatten();
        waiting.extend(
            needs
                .filter(|need| is_linked(need))
                .filter_map(|need| need["pkg"].as_str()),
        );
    }
    Ok(parts)
}

fn is_linked(need: &Value) -> bool {
    need["dep_kinds"]
        .as_array()
        .is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

/// Everything that the window's own code is bundled with.
fn npm_packages(lock: &Value) -> anyhow::Result<BTreeSet<Part>> {
    let packages = lock["packages"]
        .as_object()
        .context("npm's lock file has no packages")?;
    let bundled = packages
        .iter()
        .filter(|(path, package)| !path.is_empty() && package["dev"] != true);
    bundled
        .map(|(path, package)| part(path.rsplit("node_modules/").next(), package))
        .collect()
}

fn part(name: Option<&str>, package: &Value) -> anyhow::Result<Part> {
    let name = name.context("a part without a name")?;
    let Some(version) = package["version"].as_str() else {
        bail!("{name} has no version");
    };
    let licence = package["license"].as_str().unwrap_or("see its source");
    Ok((name.to_owned(), version.to_owned(), licence.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_listed_and_what_only_tests_is_not() {
        let need = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let package = |name: &str, source: Value| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source });
        let metadata = json!({
            "packages": [
                package(APP[0], Value::Null), package(APP[1], Value::Null), package("client", Value::Null), package("serde", json!("registry")),
                package("tempfile", json!("registry")), package("cc", json!("registry")),
                package("tauri", json!("registry")),
            ],
            "resolve": { "nodes": [
                { "id": APP[0], "deps": [need("client", Value::Null), need("tempfile", json!("dev"))] },
                { "id": APP[1], "deps": [need("tauri", Value::Null)] },
                { "id": "client", "deps": [need("serde", Value::Null), need("cc", json!("build"))] },
            ] },
        });

        let parts = crates(&metadata).unwrap();

        let names: Vec<String> = parts.into_iter().map(|(name, ..)| name).collect();
        assert_eq!(names, ["serde", "tauri"]);
    }

    #[test]
    fn what_only_builds_the_window_is_not_in_it() {
        let lock = json!({ "packages": {
            "": { "name": "window", "version": "0.1.0" },
            "node_modules/react": { "version": "19.3.1", "license": "MIT" },
            "node_modules/a/node_modules/@b/c": { "version": "2.0.0" },
            "node_modules/vite": { "version": "8.3.8", "license": "MIT", "dev": true },
        } });

        let names: Vec<String> = npm_packages(&lock)
            .unwrap()
            .into_iter()
            .map(|(name, ..)| name)
            .collect();

        assert_eq!(names, ["@b/c", "react"]);
    }
}
