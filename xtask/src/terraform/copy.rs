//! A copy of `infra/terraform` in which Terraform may leave its traces, and which plans without an account.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::checkout::Checkout;

/// Where it lies in the repository.
pub(super) const SOURCE: &str = "infra/terraform";

/// Put beside the configuration of an environment: the state in the folder, and a provider that asks nobody who it is.
const OFFLINE: &str = r#"terraform {
  backend "local" {}
}

provider "aws" {
  access_key                  = "offline"
  secret_key                  = "offline"
  allowed_account_ids         = null
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"#;

pub(super) struct Copy {
    root: PathBuf,
}

impl Copy {
    /// A fresh one. Those of the environments in it can be planned.
    pub(super) fn make(checkout: &Checkout, name: &str) -> anyhow::Result<Self> {
        let root = checkout.kept(&format!("terraform/{name}"))?;
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| format!("removing {}", root.display()))?;
        }
        copy_folder(&checkout.root().join(SOURCE), &root)?;
        for environment in ENVIRONMENTS {
            let path = root.join("environments").join(environment).join("offline_override.tf");
            fs::write(&path, OFFLINE).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(Self { root })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Every folder with a configuration of its own, from the root of the copy.
    pub(super) fn configurations(&self) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        for group in ["modules", "examples", "environments/staging", "environments/production"] {
            for entry in fs::read_dir(self.path(group)).with_context(|| format!("reading {group}"))? {
                found.push(format!("{group}/{}", entry?.file_name().to_string_lossy()));
            }
        }
        found.extend(["bootstrap".to_owned(), "tests".to_owned()]);
        found.sort();
        Ok(found)
    }

    /// Replaces what stands exactly once in a file; gives back the file as it was.
    pub(super) fn change(&self, file: &str, from: &str, to: &str) -> anyhow::Result<String> {
        let path = self.path(file);
        let before = fs::read_to_string(&path).with_context(|| format!("reading {file}"))?;
        let times = before.matches(from).count();
        ensure!(times == 1, "{file}: {from:?} stands there {times} times, not once");
        self.restore(file, &before.replace(from, to))?;
        Ok(before)
    }

    pub(super) fn restore(&self, file: &str, text: &str) -> anyhow::Result<()> {
        fs::write(self.path(file), text).with_context(|| format!("writing {file}"))
    }
}

/// The environments of the repository, each with what stays and what a deploy changes.
pub(super) const ENVIRONMENTS: [&str; 4] = [
    "production/foundation",
    "production/services",
    "staging/foundation",
    "staging/services",
];

/// What somebody's Terraform left in the checkout stays there.
fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(".terraform") || name.contains(".tfstate") || name.ends_with(".auto.tfvars.json") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_folder(&source, &target)?;
        } else {
            fs::copy(&source, &target).with_context(|| format!("copying {}", source.display()))?;
        }
    }
    Ok(())
}
