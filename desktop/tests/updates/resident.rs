//! The installed app of a test, and its window.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use door::{Answer, FromWindow, Hello, Receiver, Sender, ToWindow};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tempfile::TempDir;
use test_kit::update_server::{KeyPair, UpdateServer, keys};
use test_kit::wait::until;

/// How long anything may take here: programs are started, in debug builds, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// An app that runs, in a folder of its own.
pub(crate) struct Resident {
    folder: TempDir,
    pub(crate) server: UpdateServer,
    keys: KeyPair,
    first: Option<Child>,
    /// Every start of this test is a group of processes, to which its successors belong as well.
    groups: Vec<u32>,
    window: Option<(Sender, Receiver)>,
    asked: u64,
}

pub(crate) fn file_of(version: &str) -> String {
    format!("loquat_{version}_{}.AppImage", std::env::consts::ARCH)
}

impl Resident {
    /// An app that was just started hidden.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("app/loquat");
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        let built = Path::new(env!("CARGO_BIN_EXE_loquat"));
        // The same program under another name, where the file system can do that.
        std::fs::hard_link(built, &program)
            .or_else(|_| std::fs::copy(built, &program).map(drop))
            .unwrap();
        write_program(&folder.path().join("app/loquat-window"), b"#!/bin/sh\nexit 0\n");
        let mut resident = Self {
            folder,
            server: UpdateServer::start().await,
            keys: keys(),
            first: None,
            groups: Vec::new(),
            window: None,
            asked: 0,
        };
        let old = resident.script("old");
        write_program(&resident.app(), old.as_bytes());
        resident.start_again().await;
        resident
    }

    /// What stands for a version: it notes its name and becomes the app.
    pub(crate) fn script(&self, name: &str) -> String {
        let place = self.folder.path().display();
        format!(
            "#!/bin/sh\necho {name} >> '{place}/started'\nexport APPIMAGE='{place}/Loquat.AppImage' APPDIR='{place}/app'\n\
             exec '{place}/app/loquat' \"$@\"\n"
        )
    }

    pub(crate) async fn start_again(&mut self) {
        let place = self.folder.path();
        let mut command = Command::new(self.app());
        command
            .arg("--hidden")
            .process_group(0)
            .stdin(Stdio::null())
            .env("LOQUAT_DATA_DIR", place.join("data"))
            .env("XDG_RUNTIME_DIR", place)
            .env("LOQUAT_UPDATE_URL", self.server.at(""))
            .env("LOQUAT_UPDATE_KEY", self.keys.pk.to_base64())
            // Nothing of the desktop that this test may run on.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        // Another thread may be starting a program, and hold our script open for that moment.
        let start = || std::future::ready(command.spawn().ok());
        let first = until("a start", PATIENCE, start).await.unwrap();
        self.groups.push(first.id());
        self.first = Some(first);
        self.window = None;
    }

    pub(crate) fn publish(&self, version: &str, content: &[u8]) {
        self.server.publish(&self.keys, (version, &file_of(version)), content);
    }

    pub(crate) fn installed(&self) -> Vec<u8> {
        std::fs::read(self.app()).unwrap()
    }

    /// How large the hidden file with this ending is beside the app.
    pub(crate) fn hidden(&self, ending: &str) -> Option<u64> {
        let file = self.folder.path().join(format!(".Loquat.AppImage.{ending}"));
        std::fs::metadata(file).ok().map(|metadata| metadata.len())
    }

    pub(crate) fn put_back(&self, content: &[u8]) {
        std::fs::remove_file(self.app()).unwrap();
        write_program(&self.app(), content);
    }

    /// Asks as the window does.
    pub(crate) async fn ask(&mut self, command: &str) -> Value {
        let asked = tokio::time::timeout(PATIENCE, self.try_to_ask(command)).await;
        asked.unwrap_or_else(|_| panic!("{command} is not answered"))
    }

    async fn try_to_ask(&mut self, command: &str) -> Value {
        loop {
            if self.window.is_none() {
                self.window = Some(come_in(&self.door()).await);
            }
            match self.ask_once(command).await {
                Some(value) => return value,
                // The app made room for another version, which has a door of its own.
                None => self.window = None,
            }
        }
    }

    async fn ask_once(&mut self, command: &str) -> Option<Value> {
        self.asked += 1;
        let asked = self.asked;
        let (sender, receiver) = self.window.as_mut()?;
        let ask = FromWindow::Ask {
            id: asked,
            command: command.to_owned(),
            arguments: RawValue::from_string("{}".to_owned()).unwrap(),
        };
        sender.say(&ask).await.ok()?;
        loop {
            match receiver.next().await.ok()? {
                ToWindow::Answer { id, answer } if id == asked => match answer {
                    Answer::Done(value) => return Some(serde_json::from_str(value.get()).unwrap()),
                    Answer::Failed(failure) => panic!("{command}: {}", failure.get()),
                    Answer::Wrong(what) => panic!("{what}"),
                },
                _ => {}
            }
        }
    }

    /// Tells something that may end the app before it has answered.
    pub(crate) async fn tell(&mut self, command: &str) {
        self.ask("updates").await;
        // The app is there and hears; whether it still answers does not matter.
        let told = tokio::time::timeout(PATIENCE, self.ask_once(command)).await;
        assert!(told.is_ok(), "{command} is not heard");
    }

    /// Waits for a change that the app tells by itself.
    pub(crate) async fn until_change(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let (_, receiver) = self.window.as_mut().unwrap();
        let change = async {
            loop {
                if let ToWindow::Change(change) = receiver.next().await.unwrap() {
                    let change: Value = serde_json::from_str(change.get()).unwrap();
                    if wanted(&change) {
                        return change;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, change).await.unwrap()
    }

    /// Looks for a new version, and waits for what comes of it.
    pub(crate) async fn look_until(&mut self, state: &str) -> Value {
        self.ask("look_for_updates").await;
        self.until_state(state).await
    }

    pub(crate) async fn until_state(&mut self, wanted: &str) -> Value {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let state = self.ask("updates").await["state"].clone();
            if state["state"] == json!(wanted) {
                return state;
            }
            assert!(tokio::time::Instant::now() < end, "it stays {state}");
        }
    }

    /// Which versions were started, the first one first.
    pub(crate) async fn until_started(&self, names: &[&str]) {
        let wanted = format!("{}\n", names.join("\n"));
        let started = || {
            let text = std::fs::read_to_string(self.folder.path().join("started")).unwrap_or_default();
            std::future::ready((text == wanted).then_some(()))
        };
        until(&format!("the starts of {names:?}"), PATIENCE, started)
            .await
            .unwrap();
    }

    /// The process that this test started has given way, and has nothing to complain of.
    pub(crate) async fn until_the_first_ended(&mut self) {
        let mut first = self.first.take().unwrap();
        let ended = || std::future::ready(first.try_wait().unwrap());
        let status = until("the end of the first process", PATIENCE, ended).await.unwrap();
        assert!(status.success(), "{status}");
        self.window = None;
    }

    /// Ends everything that this test started, and what that started, as a power cut would.
    pub(crate) fn kill(&mut self) {
        for group in self.groups.drain(..) {
            // A group that ended by itself is not there any more.
            drop(
                Command::new("kill")
                    .args(["-9", "--", &format!("-{group}")])
                    .stderr(Stdio::null())
                    .status(),
            );
        }
        if let Some(mut first) = self.first.take() {
            first.wait().unwrap();
        }
        self.window = None;
    }

    pub(crate) async fn quit(mut self) {
        self.tell("quit").await;
        let folder = self.folder.path().join("data");
        let gone = || std::future::ready(is_free(&folder).then_some(()));
        until("the end of the app", PATIENCE, gone).await.unwrap();
    }

    fn app(&self) -> PathBuf {
        self.folder.path().join("Loquat.AppImage")
    }

    fn door(&self) -> PathBuf {
        door::place::of(&self.folder.path().join("data"), self.folder.path())
    }
}

impl Drop for Resident {
    /// Also a test that failed leaves nobody behind.
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether no process has this profile.
fn is_free(folder: &Path) -> bool {
    std::fs::File::open(folder.join("profile.lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}

async fn come_in(place: &Path) -> (Sender, Receiver) {
    let connect = || async {
        let mut line = door::connect(place).await.ok()?;
        line.say(&Hello::Window).await.ok()?;
        Some(line.split())
    };
    until("a door that opens", PATIENCE, connect).await.unwrap()
}

fn write_program(file: &Path, content: &[u8]) {
    std::fs::write(file, content).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(file, executable).unwrap();
}
