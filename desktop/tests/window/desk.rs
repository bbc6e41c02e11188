//! A person's desk: a display, a session bus, a keychain and folders of their own, all real, all on this machine.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use test_kit::wait::{self, PATIENCE};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

/// The size of the screen; the window opens smaller.
const SCREEN: &str = "1280x860x24";

/// A bus that starts nothing by itself, so there is no keychain unless one is started.
const BUS_WITHOUT_SERVICES: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>"#;

/// What a person has on their desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    /// A Secret Service, unlocked when the person logged in.
    Unlocked,
    /// A Secret Service that nobody unlocked.
    Locked,
    /// None at all.
    Missing,
}

/// How the person likes their windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

/// A desk that is switched on.
pub(crate) struct Desk {
    folder: PathBuf,
    display: String,
    bus: String,
    /// What runs, in the order in which it is switched off.
    running: Vec<Child>,
}

impl Desk {
    /// Switches a desk on whose data lies in `folder`, as after a restart of the machine.
    pub(crate) async fn set_up(folder: &Path, keyring: Keyring, theme: Theme) -> anyhow::Result<Self> {
        prepare(folder, theme)?;
        let (display, screen) = start_display().await?;
        let mut desk = Self {
            folder: folder.to_owned(),
            display,
            bus: String::new(),
            running: Vec::new(),
        };
        let bus = desk.start_bus().await?;
        let mut running = vec![bus];
        match keyring {
            Keyring::Unlocked => running.push(desk.start_unlocked_keyring().await?),
            Keyring::Locked => running.push(desk.start_locked_keyring().await?),
            Keyring::Missing => {}
        }
        running.push(screen);
        desk.running = running;
        Ok(desk)
    }

    /// Ends everything at this desk, as a machine that loses power. The folder stays.
    pub(crate) async fn switch_off(mut self) -> anyhow::Result<()> {
        for program in &mut self.running {
            program.kill().await?;
        }
        Ok(())
    }

    /// Where the app of this desk keeps its data.
    pub(crate) fn app_data(&self) -> PathBuf {
        self.folder.join("app")
    }

    /// The address of the session bus of this desk.
    pub(crate) fn bus(&self) -> &str {
        &self.bus
    }

    /// Everything written at this desk.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program that runs at this desk: nothing of the machine's own session reaches it.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            command.env(name, self.folder.join(folder));
        }
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("LOQUAT_DATA_DIR", self.app_data())
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("LOQUAT_SERVER")
            .env_remove("LOQUAT_PROFILE")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// What the keychain of this desk holds for the app, asked with another program.
    pub(crate) async fn kept_secret(&self) -> anyhow::Result<String> {
        let answer = self.look_up_secret().await?;
        anyhow::ensure!(answer.status.success(), "the keychain holds no session: {answer:?}");
        Ok(String::from_utf8(answer.stdout)?)
    }

    /// Fails when the keychain of this desk holds anything for the app.
    pub(crate) async fn keeps_no_secret(&self) -> anyhow::Result<()> {
        let answer = self.look_up_secret().await?;
        let found_nothing = answer.status.code() == Some(1) && answer.stdout.is_empty() && answer.stderr.is_empty();
        anyhow::ensure!(found_nothing, "the keychain still holds a session, or cannot be asked");
        Ok(())
    }

    async fn look_up_secret(&self) -> anyhow::Result<std::process::Output> {
        let lookup = ["lookup", "service", "loquat", "username", "default"];
        Ok(tokio::time::timeout(PATIENCE, self.command("secret-tool").args(lookup).output()).await??)
    }

    async fn start_bus(&mut self) -> anyhow::Result<Child> {
        let configuration = self.folder.join("bus.conf");
        std::fs::write(&configuration, BUS_WITHOUT_SERVICES)?;
        let mut bus = self
            .command("dbus-daemon")
            .arg("--nofork")
            .arg("--print-address=1")
            .arg(format!("--config-file={}", configuration.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("dbus-daemon")?;
        self.bus = first_line(&mut bus).await.context("dbus-daemon")?;
        Ok(bus)
    }

    async fn start_unlocked_keyring(&self) -> anyhow::Result<Child> {
        let mut keyring = self.keyring().arg("--unlock").stdin(Stdio::piped()).spawn()?;
        let mut password = keyring.stdin.take().context("gnome-keyring-daemon reads no password")?;
        password.write_all(b"the password of this desk").await?;
        drop(password);
        let look = || async { self.default_collection().await?.contains("/collection/").then_some(()) };
        wait::until("the unlocked keychain", PATIENCE, look).await?;
        Ok(keyring)
    }

    async fn start_locked_keyring(&self) -> anyhow::Result<Child> {
        let keyring = self.keyring().spawn()?;
        wait::until("the locked keychain", PATIENCE, || self.default_collection()).await?;
        Ok(keyring)
    }

    fn keyring(&self) -> Command {
        let mut keyring = self.command("gnome-keyring-daemon");
        keyring
            .args(["--foreground", "--components=secrets"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        keyring
    }

    /// Where the keychain puts new secrets, once it answers; `/` while it was never unlocked.
    async fn default_collection(&self) -> Option<String> {
        let ask = [
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.ReadAlias",
            "string:default",
        ];
        let answer = self.command("dbus-send").args(ask).output().await.ok()?;
        answer
            .status
            .success()
            .then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
    }
}

/// Makes the folders of a new desk, and sets its theme as a person's settings do.
fn prepare(folder: &Path, theme: Theme) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let toolkit = folder.join("config/gtk-3.0");
    std::fs::create_dir_all(&toolkit)?;
    let prefers_dark = u8::from(theme == Theme::Dark);
    std::fs::write(
        toolkit.join("settings.ini"),
        format!("[Settings]\ngtk-application-prefer-dark-theme={prefers_dark}\n"),
    )?;
    let run = folder.join("run");
    std::fs::create_dir_all(&run)?;
    std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o700))?;
    Ok(())
}

/// A display of a number that was free, and the program that draws it.
async fn start_display() -> anyhow::Result<(String, Child)> {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("Xvfb")?;
    let number = first_line(&mut screen).await.context("Xvfb")?;
    Ok((format!(":{number}"), screen))
}

/// The line with which a program says that it is ready.
async fn first_line(program: &mut Child) -> anyhow::Result<String> {
    let output = program.stdout.take().context("the output is not read")?;
    let mut lines = BufReader::new(output).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await??;
    line.context("the program ended before it was ready")
}
