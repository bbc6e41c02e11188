//! A disk that is full: a small one, filled by the test.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use protocol::rest::chat::NewMessage;
use protocol::rest::identity::Tokens;
use protocol::{ConversationId, Entry, ErrorCode};
use reqwest::Method;
use test_kit::wait::{self, PATIENCE};

use super::Outcome;
use super::stage::{Playing, Stage, check_kept};
use crate::rest::Answer;

const DISK_MIB: u32 = 24;
/// Messages after which a full disk must have been noticed: far more than the space the databases hold in reserve.
const MOST_MESSAGES: u64 = 3000;

pub(super) async fn a_full_disk_refuses_clearly_and_corrupts_nothing(stage: &Stage) -> anyhow::Result<Outcome> {
    let disk = match SmallDisk::mount(stage.folder().join("small-disk")) {
        Ok(disk) => disk,
        Err(reason) => return Ok(Outcome::NotRun(format!("{reason:#}"))),
    };
    let mut settings = stage
        .settings()
        .with("SENDS_PER_S", "100000")
        .with("SEND_BURST", "100000");
    settings.data_dir = disk.path.join("data");
    let play = stage.play_with(settings).await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let conversation = play.direct(&ada, &ben).await?.id;

    let mut story = Story {
        play,
        ada,
        ben,
        conversation,
        bodies: Vec::new(),
    };
    story.store(0).await?;
    disk.fill()?;
    let refused = story.store_until_refused().await?;
    disk.make_room()?;
    let look = || async { (story.send(refused).await.ok()?.status == 200).then_some(()) };
    wait::until("the refused message to be stored once there is room", PATIENCE, look).await?;
    story.bodies.push(body(refused));

    // Once more full, and killed there: what was acknowledged must be there after the restart.
    disk.fill()?;
    story.play.server.kill().await?;
    disk.make_room()?;
    story.play.server.restart().await?;
    story.ada = story.play.rest.refresh(&story.ada.refresh_token).await?;
    story.ben = story.play.rest.refresh(&story.ben.refresh_token).await?;
    let before = story.log().await?;
    story.store(refused + 1).await?;
    let after = story.log().await?;
    ensure!(
        after.len() == story.bodies.len() && after.starts_with(&before),
        "the log changed"
    );
    check_kept(&story.ada, &story.conversation, &story.bodies, after, None)?;
    story.play.server.stop().await?;
    Ok(Outcome::Held)
}

/// Ada writes to Ben on a small disk.
struct Story {
    play: Playing,
    ada: Tokens,
    ben: Tokens,
    conversation: ConversationId,
    /// What was acknowledged, in order.
    bodies: Vec<String>,
}

impl Story {
    /// Sends a message that must be stored.
    async fn store(&mut self, number: u64) -> anyhow::Result<()> {
        self.send(number).await?.json::<Entry>()?;
        self.bodies.push(body(number));
        Ok(())
    }

    /// Sends until the disk is noticed to be full; returns the number of the message that was refused.
    async fn store_until_refused(&mut self) -> anyhow::Result<u64> {
        for number in 1..MOST_MESSAGES {
            let answer = self.send(number).await?;
            if answer.status == 200 {
                self.bodies.push(body(number));
                continue;
            }
            let problem = answer.problem()?;
            ensure!(
                problem.code == ErrorCode::StorageFull,
                "a full disk was answered with {problem:?}"
            );
            ensure!(
                self.log().await?.len() == self.bodies.len(),
                "what was refused can be read"
            );
            return Ok(number);
        }
        bail!("{MOST_MESSAGES} messages were stored on a full disk");
    }

    async fn send(&self, number: u64) -> anyhow::Result<Answer> {
        let path = format!("/v1/conversations/{}/messages", self.conversation);
        let message = NewMessage {
            body: body(number),
            reply_to: None,
            after: None,
        };
        let request = self
            .play
            .rest
            .request(Method::POST, &path, Some(&self.ada.access_token));
        let request = request
            .header("Idempotency-Key", format!("m_disk_{number}"))
            .json(&message);
        self.play.rest.answer(request).await
    }

    async fn log(&self) -> anyhow::Result<Vec<Entry>> {
        self.play.rest.log(&self.ben.access_token, &self.conversation).await
    }
}

fn body(number: u64) -> String {
    format!("message {number} {}", "x".repeat(2000))
}

/// A file system of a few megabytes. Unmounted when it is dropped.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    fn mount(path: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&path)?;
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &format!("size={DISK_MIB}m"), "tmpfs"])
            .arg(&path);
        let output = mount.output().context("cannot run mount")?;
        if !output.status.success() {
            bail!(
                "a small disk cannot be mounted: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(Self { path })
    }

    fn filler(&self) -> PathBuf {
        self.path.join("filler")
    }

    /// Writes until nothing more fits.
    fn fill(&self) -> anyhow::Result<()> {
        let mut filler = OpenOptions::new().create(true).append(true).open(self.filler())?;
        for size in [64 * 1024, 4096, 1] {
            while write_zeros(&mut filler, size)? {}
        }
        Ok(())
    }

    fn make_room(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.filler())?)
    }
}

/// Whether there was room for them.
fn write_zeros(file: &mut File, size: usize) -> std::io::Result<bool> {
    match file.write_all(&vec![0; size]) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::StorageFull => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        unmount(&self.path);
    }
}

/// Lazily, so that a server that is still ending does not keep the disk.
fn unmount(path: &Path) {
    match Command::new("umount").arg("--lazy").arg(path).status() {
        Ok(status) if status.success() => {}
        other => println!("  {} stays mounted: {other:?}", path.display()),
    }
}
