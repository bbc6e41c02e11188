//! Programs from Python's package index, each with its libraries in a virtual environment of its own, shared by all checkouts of a person.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::environment;
use crate::processes;
use crate::steps::Output;

/// What is installed together.
pub(crate) struct Environment {
    pub(crate) name: &'static str,
    /// Everything that it brings along is named with its version, so that it is the same at every place and time.
    pub(crate) packages: &'static [&'static str],
}

impl Environment {
    /// Makes it, unless it is there already and made of the same.
    pub(crate) fn ensure(&self, output: &Output) -> anyhow::Result<()> {
        let folder = self.folder()?;
        let parent = folder.parent().context("an environment lies in a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
        let lock = File::create(folder.with_extension("lock")).context("opening the lock of an environment")?;
        lock.lock()
            .context("waiting for another one who makes the same environment")?;

        let wanted = self.packages.join("\n");
        let stamp = folder.join("made-of");
        let works = processes::answer(self.python("--version")?).is_some();
        if works && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
            println!("   {}: installed", self.name);
            return Ok(());
        }
        println!("   {}: installing {}", self.name, self.packages.join(" "));
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&folder);
        output.follow(make).context("making a virtual environment of Python")?;
        let mut install = self.python("-m")?;
        install
            .args(["pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"])
            .args(self.packages);
        output
            .follow(install)
            .with_context(|| format!("installing {} from the package index of Python", self.name))?;
        fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
    }

    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> anyhow::Result<PathBuf> {
        Ok(self.folder()?.join("bin").join(name))
    }

    /// Its folder of libraries.
    pub(crate) fn libraries(&self) -> anyhow::Result<PathBuf> {
        let mut ask = self.python("-c")?;
        ask.arg("import sysconfig; print(sysconfig.get_path('purelib'))");
        match processes::answer(ask) {
            Some(folder) => Ok(PathBuf::from(folder)),
            None => bail!("the Python of {} does not answer", self.name),
        }
    }

    fn python(&self, argument: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(self.program("python")?);
        command.arg(argument);
        Ok(command)
    }

    fn folder(&self) -> anyhow::Result<PathBuf> {
        let cache = environment::cache_dir().context("there is no folder to install programs into: set HOME")?;
        Ok(cache.join("loquat").join("python").join(self.name))
    }
}
