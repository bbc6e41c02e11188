//! Terraform, and the folder that its provider comes from: nothing is downloaded, and no account is asked.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::environment;
use crate::processes;

/// The provider in a mirror of plug-ins.
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

/// Where mirrors lie when nobody names one.
const USUAL_FOLDERS: [&str; 3] = [
    "/usr/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/opt/terraform/plugins",
];

/// Its name on the `PATH`.
const PROGRAM: &str = "terraform";

pub(super) struct Terraform {
    program: &'static str,
    plugins: PathBuf,
}

impl Terraform {
    /// The one on this machine; the error says what is missing and how to name it.
    pub(super) fn find() -> anyhow::Result<Self> {
        let mut version = Command::new(PROGRAM);
        version.arg("version").env("TF_CLI_CONFIG_FILE", "/dev/null");
        let version = processes::answer(version).context("Terraform is not installed: put `terraform` on the PATH")?;
        let first = version.lines().next().unwrap_or_default();
        if !is_new_enough(first) {
            bail!("{first} is too old: install 1.11 or later");
        }
        let plugins = candidates().into_iter().find(|folder| folder.join(PROVIDER).is_dir());
        let plugins = plugins.with_context(|| {
            format!("the provider hashicorp/aws is not here: name the folder that holds {PROVIDER} in TF_PLUGIN_DIR")
        })?;
        Ok(Self {
            program: PROGRAM,
            plugins,
        })
    }

    /// A command in one folder of configuration.
    pub(super) fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command
            .args(arguments)
            .current_dir(folder)
            // A person's own settings, plug-ins and accounts stay out of it.
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("TF_VAR_documents_first_password", "offlineOffline1234");
        for name in [
            "AWS_PROFILE",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// `terraform init` from the mirror.
    pub(super) fn init(&self, folder: &Path) -> Command {
        let mut command = self.command(folder, &["init", "-input=false", "-no-color"]);
        command.arg(format!("-plugin-dir={}", self.plugins.display()));
        command
    }
}

fn candidates() -> Vec<PathBuf> {
    let chosen = environment::terraform_plugins();
    let own = environment::home().map(|home| {
        [
            home.join(".terraform.d/plugins"),
            home.join(".local/share/terraform/plugins"),
        ]
    });
    let usual = USUAL_FOLDERS.iter().map(PathBuf::from);
    chosen
        .into_iter()
        .chain(own.into_iter().flatten())
        .chain(usual)
        .collect()
}

fn is_new_enough(line: &str) -> bool {
    let mut numbers = line
        .trim_start_matches("Terraform v")
        .split('.')
        .map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (major, minor) >= (1, 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terraform_without_ephemeral_values_is_too_old() {
        assert!(is_new_enough("Terraform v1.11.4"));
        assert!(is_new_enough("Terraform v2.0.0"));
        assert!(!is_new_enough("Terraform v1.9.8"));
        assert!(!is_new_enough("OpenTofu v1.10.0"));
    }
}
