//! One writer per device, who never stops, whether the server is there or not, and does everything one can do.

use std::sync::Arc;
use std::time::Duration;

use client::view::MessageAct;
use protocol::{ConversationId, EntryKind, UserId};
use test_kit::random::SeededRandom;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::journal::Journal;
use super::world::World;
use crate::device::{Device, Ended};

/// Pauses between two deeds of a device: about eight a second, below the limit even for two devices of a person.
const PAUSE_MS: std::ops::Range<u64> = 40..210;
/// What people put beside messages; few, so that they meet.
const EMOJI: [&str; 5] = ["👍", "🎉", "👩🏽‍💻", "❤️", "🇩🇪"];

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

    /// Stops all writers after what they are at.
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
            match self.do_one(count).await {
                Ok(()) => {}
                // Killed in the middle: nothing is promised about this deed.
                Err(error) if error.is::<Ended>() => {}
                // A living device must be able to keep what is done on it, whatever the server does.
                Err(error) => return Err(error),
            }
        }
    }

    async fn do_one(&self, count: u64) -> anyhow::Result<()> {
        let choice = usize::try_from(self.random.below(self.conversations.len() as u64))?;
        let conversation = &self.conversations[choice];
        let mine = self.any_target(conversation, Some(&self.author));
        let anybodys = self.any_target(conversation, None);
        let text = format!("{} writes number {count}", self.device.name());
        match (self.random.below(20), mine, anybodys) {
            (0..=2, Some(mine), _) => self.act(conversation, mine, MessageAct::Edit { body: text }).await,
            (3, Some(mine), _) => self.act(conversation, mine, MessageAct::Delete).await,
            (4..=6, _, Some(seq)) => {
                let emoji = EMOJI[usize::try_from(self.random.below(EMOJI.len() as u64))?].to_owned();
                let on = !self.random.once_in(3);
                self.act(conversation, seq, MessageAct::React { emoji, on }).await
            }
            (7, _, Some(seq)) => {
                let on = !self.random.once_in(3);
                self.act(conversation, seq, MessageAct::Pin { on }).await
            }
            (8..=10, _, Some(seq)) => self.write(conversation, text, Some(seq)).await,
            _ => self.write(conversation, text, None).await,
        }
    }

    fn any_target(&self, conversation: &ConversationId, author: Option<&UserId>) -> Option<u64> {
        self.journal.target(conversation, author, |end| self.random.below(end))
    }

    async fn write(&self, conversation: &ConversationId, body: String, reply_to: Option<u64>) -> anyhow::Result<()> {
        let kind = EntryKind::message(body.clone(), reply_to);
        let number = self.journal.intend(&self.author, self.number, conversation, kind);
        let client_id = self.device.answer(conversation, &body, reply_to).await?;
        self.journal.kept(number, Some(client_id));
        Ok(())
    }

    async fn act(&self, conversation: &ConversationId, seq: u64, act: MessageAct) -> anyhow::Result<()> {
        let kind = entry_of(seq, &act);
        let number = self.journal.intend(&self.author, self.number, conversation, kind);
        match self.device.act(conversation, seq, act).await? {
            Ok(()) => self.journal.kept(number, None),
            // The device knows already that the message was deleted.
            Err(_) => self.journal.refused(number),
        }
        Ok(())
    }
}

/// The entry that an act becomes.
pub(crate) fn entry_of(target: u64, act: &MessageAct) -> EntryKind {
    match act.clone() {
        MessageAct::Edit { body } => EntryKind::edit(target, body),
        MessageAct::Delete => EntryKind::Delete { target },
        MessageAct::React { emoji, on } => EntryKind::React { target, emoji, on },
        MessageAct::Pin { on } => EntryKind::Pin { target, on },
    }
}
