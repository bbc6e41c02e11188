//! A server that speaks MongoDB's protocol and keeps its documents in SQLite. The real MongoDB is in no package registry
//! that a bare machine reaches; tests run on it where `TEST_MONGODB_URL` names one.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::python::Environment;
use crate::services::background::Background;
use crate::services::engine::Local;
use crate::services::place::{Place, loopback};
use crate::services::probe;
use crate::steps::Output;

/// What it is made of, all versions pinned.
const PROGRAM: Environment = Environment {
    name: "nx-27017",
    packages: &[
        "nx-27017==0.8.1",
        "neosqlite==1.17.2",
        "pymongo==4.20.0",
        "dnspython==2.9.2",
    ],
};

/// The name of its folder and its port.
const NAME: &str = "mongodb";

/// Not MongoDB's own 27017.
const FIRST_PORT: u16 = 27117;

/// It takes no passwords, so loopback is all that keeps others out.
pub(super) struct MongoDb;

impl MongoDb {
    /// Installs it for this person.
    pub(super) fn install(output: &Output) -> anyhow::Result<()> {
        PROGRAM.ensure(output)
    }
}

impl Local for MongoDb {
    fn packages(&self) -> &'static [&'static str] {
        &["python3", "python3-venv"]
    }

    fn processes(&self, place: &Place) -> anyhow::Result<Vec<Background>> {
        Ok(vec![Background::new(NAME, place.folder(NAME)?)])
    }

    fn start(&self, place: &Place) -> anyhow::Result<()> {
        let folder = place.folder(NAME)?;
        let own_note = folder.join("own.pid");
        forget(&own_note)?;
        let port = place.take_port(NAME, FIRST_PORT)?.to_string();
        let mut command = Command::new(PROGRAM.program("nx-27017")?);
        command
            .args(["--host", "127.0.0.1", "--port", &port])
            .arg("--data-dir")
            .arg(folder.join("data"))
            .arg("--log-file")
            .arg(folder.join("own.log"))
            .arg("--pid-file")
            .arg(own_note);
        Background::new(NAME, folder).start(command)
    }

    fn wait_until_it_answers(&self, place: &Place) -> anyhow::Result<()> {
        let address = loopback(place.port(NAME)?);
        Background::new(NAME, place.folder(NAME)?).wait_until(|| probe::mongodb(address))
    }

    fn url(&self, place: &Place) -> anyhow::Result<String> {
        Ok(format!("mongodb://{}", loopback(place.port(NAME)?)))
    }
}

/// Removes what it noted about itself when it ran last. It would not start while any process has that number: another one
/// by now, or one that was killed and that nobody has looked at yet.
fn forget(own_note: &Path) -> anyhow::Result<()> {
    match fs::remove_file(own_note) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => {
            Err(fault).with_context(|| format!("removing {}", own_note.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_last_one_noted_is_forgotten_and_need_not_be_there() {
        let note = std::env::temp_dir().join(format!("xtask-mongodb-{}.pid", std::process::id()));
        fs::write(&note, std::process::id().to_string()).unwrap();

        forget(&note).unwrap();

        assert!(!note.exists());
        assert!(forget(&note).is_ok());
    }
}
