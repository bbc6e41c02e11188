//! One device of one person: the real client in a process of its own, so that it can be killed.
//!
//! [`child`] is the process, driven line by line over its standard input; [`Device`] is the other end.

pub(crate) mod child;
mod line;
mod secrets;

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use client::view::{Failure, MessageAct, TimelineItem};
use protocol::{ClientId, ConversationId, ErrorCode, UserId};
use test_kit::wait::{self, PATIENCE};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinSet;

pub(crate) use self::line::{Answer, Ask, Event, State};
use self::line::{Question, Said};

/// How long a command may take. Commands that ask the server have time-outs of their own within this.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// How a device is set up.
#[derive(Debug, Clone)]
pub(crate) struct DeviceSettings {
    pub name: String,
    /// Where its store and its session lie.
    pub folder: PathBuf,
    pub server: String,
    /// How far its clock is ahead of the machine's, in milliseconds.
    pub clock_ahead_ms: i64,
}

/// A device. Dropping it kills its process.
pub(crate) struct Device {
    settings: DeviceSettings,
    events: mpsc::UnboundedSender<Event>,
    process: Mutex<Option<Arc<Process>>>,
}

/// The device's process ended before it answered: it was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the device has ended")]
pub(crate) struct Ended;

struct Process {
    child: AsyncMutex<Child>,
    stdin: AsyncMutex<ChildStdin>,
    waiting: Waiting,
    reader: AsyncMutex<JoinSet<()>>,
}

/// Who waits for the answer to which question.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<WaitingAnswers>>);

#[derive(Default)]
struct WaitingAnswers {
    next_id: u64,
    open: HashMap<u64, oneshot::Sender<Answer>>,
    /// Set when the process has ended: nothing more is answered.
    ended: bool,
}

impl Device {
    /// Opens the client; what it tells unasked goes to `events`, also after it was opened again.
    pub(crate) async fn open(settings: DeviceSettings, events: mpsc::UnboundedSender<Event>) -> anyhow::Result<Self> {
        let device = Self {
            settings,
            events,
            process: Mutex::default(),
        };
        device.reopen().await?;
        Ok(device)
    }

    /// The name it was given.
    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    /// `kill -9`, in the middle of whatever it does: what is not on its disk is gone.
    pub(crate) async fn kill(&self) -> anyhow::Result<()> {
        let running = lock(&self.process).take();
        if let Some(process) = running {
            process.child.lock().await.kill().await?;
            // What it said before it died comes before anything the next one says.
            while process.reader.lock().await.join_next().await.is_some() {}
        }
        Ok(())
    }

    /// Opens the client on what is on its disk.
    pub(crate) async fn reopen(&self) -> anyhow::Result<()> {
        self.kill().await?;
        let process = spawn(&self.settings, self.events.clone())?;
        *lock(&self.process) = Some(Arc::new(process));
        self.state().await.map(drop)
    }

    /// Asks one thing and waits for the answer; [`Ended`] when the process was killed before it came.
    pub(crate) async fn ask(&self, ask: Ask) -> anyhow::Result<Answer> {
        let process = lock(&self.process).clone().ok_or(Ended)?;
        let (id, answer) = process.waiting.begin().ok_or(Ended)?;
        let line = serde_json::to_string(&Question { id, ask })? + "\n";
        process
            .stdin
            .lock()
            .await
            .write_all(line.as_bytes())
            .await
            .map_err(|_| Ended)?;
        let answered = tokio::time::timeout(ANSWER_WITHIN, answer).await;
        let answered = answered.with_context(|| format!("{} did not answer", self.name()))?;
        Ok(answered.map_err(|_| Ended)?)
    }

    /// Asks for a code to be mailed to this address.
    pub(crate) async fn request_code(&self, email: &str) -> anyhow::Result<()> {
        expect_done(
            self.ask(Ask::RequestCode {
                email: email.to_owned(),
            })
            .await?,
        )
    }

    /// Signs in with the code that was mailed.
    pub(crate) async fn sign_in(&self, code: &str) -> anyhow::Result<UserId> {
        match self.ask(Ask::SignIn { code: code.to_owned() }).await? {
            Answer::SignedIn { user } => Ok(user),
            other => bail!("{} could not sign in: {other:?}", self.name()),
        }
    }

    /// Puts a message into the outbox; returns its client id once it lies on the device's disk.
    pub(crate) async fn write(&self, conversation: &ConversationId, body: &str) -> anyhow::Result<ClientId> {
        self.answer(conversation, body, None).await
    }

    /// [`Self::write`], as the answer to an earlier message.
    pub(crate) async fn answer(
        &self,
        conversation: &ConversationId,
        body: &str,
        reply_to: Option<u64>,
    ) -> anyhow::Result<ClientId> {
        let ask = Ask::Write {
            conversation: conversation.clone(),
            body: body.to_owned(),
            reply_to,
        };
        match self.ask(ask).await? {
            Answer::Written { client_id } => Ok(ClientId::parse(&client_id)?),
            other => bail!("{} could not keep a message: {other:?}", self.name()),
        }
    }

    /// Does something to a message; the code when the device knows at once that it cannot be done.
    pub(crate) async fn act(
        &self,
        conversation: &ConversationId,
        seq: u64,
        act: MessageAct,
    ) -> anyhow::Result<Result<(), ErrorCode>> {
        let conversation = conversation.clone();
        match self.ask(Ask::Act { conversation, seq, act }).await? {
            Answer::Done => Ok(Ok(())),
            Answer::Failed(Failure::Refused { code, .. }) => Ok(Err(code)),
            other => bail!("{} could not act: {other:?}", self.name()),
        }
    }

    /// How it is.
    pub(crate) async fn state(&self) -> anyhow::Result<State> {
        match self.ask(Ask::State).await? {
            Answer::State(state) => Ok(state),
            other => bail!("{} has no state: {other:?}", self.name()),
        }
    }

    /// Waits until it is as wanted; `what` says what that is.
    pub(crate) async fn until(&self, what: &str, is_wanted: impl Fn(&State) -> bool) -> anyhow::Result<State> {
        let look = || async { self.state().await.ok().filter(|state| is_wanted(state)) };
        match wait::until(&format!("{} {what}", self.name()), PATIENCE, look).await {
            Ok(state) => Ok(state),
            Err(waited) => bail!("{waited}; it is {:?}", self.state().await),
        }
    }

    /// Tries the connection now instead of when its turn comes.
    pub(crate) async fn reconnect(&self) -> anyhow::Result<()> {
        expect_done(self.ask(Ask::Reconnect).await?)
    }

    /// The whole timeline of a conversation as this device shows it.
    pub(crate) async fn view(&self, conversation: &ConversationId) -> anyhow::Result<Vec<TimelineItem>> {
        let conversation = conversation.clone();
        match self.ask(Ask::View { conversation }).await? {
            Answer::View { items } => Ok(items),
            other => bail!("{} shows nothing: {other:?}", self.name()),
        }
    }
}

fn spawn(settings: &DeviceSettings, events: mpsc::UnboundedSender<Event>) -> anyhow::Result<Process> {
    std::fs::create_dir_all(&settings.folder)?;
    let errors = OpenOptions::new()
        .create(true)
        .append(true)
        .open(settings.folder.join("errors.txt"))?;
    let program = std::env::current_exe()?;
    let mut child = Command::new(&program)
        .args(["device", "--server", &settings.server, "--name", &settings.name])
        .arg(format!("--clock-ahead-ms={}", settings.clock_ahead_ms))
        .arg("--folder")
        .arg(&settings.folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(errors)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let stdin = child.stdin.take().context("the device has no input")?;
    let stdout = child.stdout.take().context("the device has no output")?;
    let waiting = Waiting::default();
    let mut reader = JoinSet::new();
    reader.spawn(read(stdout, waiting.clone(), events));
    Ok(Process {
        child: child.into(),
        stdin: stdin.into(),
        waiting,
        reader: reader.into(),
    })
}

fn expect_done(answer: Answer) -> anyhow::Result<()> {
    match answer {
        Answer::Done => Ok(()),
        other => bail!("not done: {other:?}"),
    }
}

async fn read(stdout: ChildStdout, waiting: Waiting, events: mpsc::UnboundedSender<Event>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match serde_json::from_str(&line) {
            Ok(Said::Answer { id, answer }) => waiting.answer(id, answer),
            // A closed channel means that nobody listens any more.
            Ok(Said::Event(event)) => drop(events.send(event)),
            Err(_) => {}
        }
    }
    waiting.end();
}

impl Waiting {
    fn begin(&self) -> Option<(u64, oneshot::Receiver<Answer>)> {
        let mut held = lock(&self.0);
        if held.ended {
            return None;
        }
        held.next_id += 1;
        let id = held.next_id;
        let (answer, answered) = oneshot::channel();
        held.open.insert(id, answer);
        Some((id, answered))
    }

    fn answer(&self, id: u64, answer: Answer) {
        if let Some(asker) = lock(&self.0).open.remove(&id) {
            // The asker may have given up.
            drop(asker.send(answer));
        }
    }

    fn end(&self) {
        let mut held = lock(&self.0);
        held.ended = true;
        held.open.clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
