//! One writer per device, who never stops, whether the server is there or not.

use std::sync::Arc;
use std::time::Duration;

use protocol::{ConversationId, UserId};
use test_kit::random::SeededRandom;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::journal::Journal;
use super::world::World;
use crate::device::{Device, Ended};

/// Pauses between two messages of a device: about eight a second, below the limit even for two devices of a person.
const PAUSE_MS: std::ops::Range<u64> = 40..210;

/// All writers of a run.
pub(super) struct Writers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<anyhow::Result<()>>,
}

struct Writer {
    number: usize,
    author: UserId,
    device: Arc<Device>,
    conversations: Vec<ConversationId>,
    journal: Journal,
    random: SeededRandom,
}

impl Writers {
    /// Starts a writer on every device.
    pub(super) fn start(world: &World, journal: &Journal, random: &SeededRandom) -> Self {
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        for (number, device) in world.devices.iter().enumerate() {
            let writer = Writer {
                number,
                author: world.owners[number].clone(),
                device: Arc::clone(device),
                conversations: world.conversations.clone(),
                journal: journal.clone(),
                random: random.part(number as u64),
            };
            tasks.spawn(writer.write_until(stop.subscribe()));
        }
        Self { stop, tasks }
    }

    /// Stops all writers after the message they are at.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}

impl Writer {
    async fn write_until(self, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let mut count = 0_u64;
        loop {
            let pause = PAUSE_MS.start + self.random.below(PAUSE_MS.end - PAUSE_MS.start);
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
                () = tokio::time::sleep(Duration::from_millis(pause)) => {}
            }
            count += 1;
            self.write_one(count).await?;
        }
    }

    async fn write_one(&self, count: u64) -> anyhow::Result<()> {
        let choice = usize::try_from(self.random.below(self.conversations.len() as u64))?;
        let conversation = &self.conversations[choice];
        let body = format!("{} writes number {count}", self.device.name());
        let number = self.journal.intend(&self.author, self.number, conversation, &body);
        match self.device.write(conversation, &body).await {
            Ok(_) => self.journal.kept(number),
            // Killed in the middle: nothing is promised about this message.
            Err(error) if error.is::<Ended>() => {}
            // A living device must be able to keep a message whatever the server does.
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
