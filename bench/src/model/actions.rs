//! What people do, at random, and what is known of it afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::bail;
use client::view::{Failure, MessageAct, MessageView, TimelineItem};
use protocol::{ClientId, ConversationId, EntryKind};
use test_kit::fault_proxy::{Direction, Network};
use test_kit::random::SeededRandom;

use super::cast::{Cast, Seat};
use crate::checker::{Deed, Promise};
use crate::kills::writers::entry_of;

/// After this long a person does something else.
const PATIENCE_OF_PEOPLE: Duration = Duration::from_millis(500);
const EMOJI: [&str; 6] = ["👍", "🎉", "👩🏽‍💻", "❤️", "🇩🇪", "1️⃣"];

/// Who does everything, and remembers what must be found again.
pub(super) struct Actor {
    random: SeededRandom,
    pub(super) deeds: Vec<Deed>,
    /// What was typed and not sent, by device and conversation.
    pub(super) drafts: BTreeMap<(usize, ConversationId), String>,
    /// Who was ever out of which conversation: what waited there may be gone.
    pub(super) interrupted: BTreeSet<(usize, ConversationId)>,
    counts: BTreeMap<&'static str, u32>,
    /// What was begun last.
    latest: String,
}

impl Actor {
    pub(super) fn new(random: SeededRandom) -> Self {
        Self {
            random,
            deeds: Vec::new(),
            drafts: BTreeMap::new(),
            interrupted: BTreeSet::new(),
            counts: BTreeMap::new(),
            latest: String::new(),
        }
    }

    /// What was begun last, and where.
    pub(super) fn latest(&self) -> &str {
        &self.latest
    }

    /// How often each kind of action was done.
    pub(super) fn summary(&self) -> String {
        let counts: Vec<String> = self
            .counts
            .iter()
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        counts.join(", ")
    }

    /// One action on one device.
    pub(super) async fn act(&mut self, cast: &mut Cast) -> anyhow::Result<()> {
        let device = self.choose(cast.devices.len());
        let all = cast.conversations.all();
        let conversation = all[self.choose(all.len())].clone();
        let choice = self.choose(100);
        self.latest = format!("choice {choice} on {} in {conversation}", cast.devices[device].name);
        match choice {
            0..=34 => self.send(cast, device, conversation).await,
            35..=69 => self.act_on_a_message(cast, device, conversation).await,
            70..=79 => self.read(cast, device, conversation).await,
            80..=87 => self.draft(cast, device, conversation).await,
            88..=92 => self.change_a_channel(cast, device).await,
            93 => self.come_or_go(cast, device).await,
            _ => self.break_something(cast, device).await,
        }
    }

    async fn send(&mut self, cast: &Cast, device: usize, conversation: ConversationId) -> anyhow::Result<()> {
        let seat = &cast.devices[device];
        let naming = self.naming(cast);
        let body = format!("{} says number {}{naming}", seat.name, self.deeds.len());
        let reply_to = if self.random.once_in(4) {
            self.any_message(seat, &conversation, |_| true)
                .await
                .map(|message| message.seq)
        } else {
            None
        };
        let sent = seat.client.send_message(conversation.clone(), body.clone(), reply_to);
        // Not a member there: the device has said so, and nothing was promised.
        let Some(pending) = local(sent.await)? else {
            return Ok(());
        };
        self.count("sends");
        self.deeds.push(Deed {
            author: cast.id(seat.person).clone(),
            device,
            conversation,
            kind: EntryKind::message(body, reply_to),
            client_id: Some(ClientId::parse(&pending.client_id)?),
            promise: Promise::Kept,
        });
        Ok(())
    }

    /// Now and then somebody, or everybody.
    fn naming(&self, cast: &Cast) -> String {
        match self.choose(8) {
            0 | 1 => {
                let person = self.choose(cast.people.len());
                format!(" <@{}>", cast.id(person))
            }
            2 => " <!channel>".to_owned(),
            _ => String::new(),
        }
    }

    async fn act_on_a_message(
        &mut self,
        cast: &Cast,
        device: usize,
        conversation: ConversationId,
    ) -> anyhow::Result<()> {
        let seat = &cast.devices[device];
        let me = cast.id(seat.person).clone();
        let mine = |message: &MessageView| message.author == me;
        let kind = self.choose(10);
        let target = match kind {
            0..=3 => self.any_message(seat, &conversation, mine).await,
            _ => self.any_message(seat, &conversation, |_| true).await,
        };
        let Some(target) = target else { return Ok(()) };
        let (name, act) = match kind {
            0..=2 => {
                let naming = self.naming(cast);
                let body = format!("{} writes anew, number {}{naming}", seat.name, self.deeds.len());
                ("edits", MessageAct::Edit { body })
            }
            // The administrator may delete anybody's, where she is.
            3 => ("deletions", MessageAct::Delete),
            4 if seat.person == 0 && self.random.once_in(3) => ("deletions", MessageAct::Delete),
            4..=7 => {
                let emoji = EMOJI[self.choose(EMOJI.len())].to_owned();
                let on = !self.random.once_in(3);
                ("reactions", MessageAct::React { emoji, on })
            }
            _ => (
                "pins",
                MessageAct::Pin {
                    on: !self.random.once_in(3),
                },
            ),
        };
        let done = seat
            .client
            .act_on_message(conversation.clone(), target.seq, act.clone());
        if local(done.await)?.is_some() {
            self.count(name);
            self.deeds.push(Deed {
                author: me,
                device,
                conversation,
                kind: entry_of(target.seq, &act),
                client_id: None,
                // The channel may be archived, or left, before it gets there.
                promise: Promise::None,
            });
        }
        Ok(())
    }

    async fn read(&mut self, cast: &Cast, device: usize, conversation: ConversationId) -> anyhow::Result<()> {
        let client = &cast.devices[device].client;
        let rows = client.conversations().await?;
        let Some(row) = rows.iter().find(|row| row.id == conversation) else {
            return Ok(());
        };
        if self.random.once_in(4) {
            self.count("marked unread");
            let ordinal = 1 + self.random.below(row.ordinal);
            local(client.mark_unread(conversation, ordinal).await)?;
        } else {
            self.count("marked read");
            let ordinal = row.ordinal.saturating_sub(self.random.below(3));
            local(client.mark_read(conversation, ordinal).await)?;
        }
        Ok(())
    }

    async fn draft(&mut self, cast: &Cast, device: usize, conversation: ConversationId) -> anyhow::Result<()> {
        let client = &cast.devices[device].client;
        let rows = client.conversations().await?;
        if !rows.iter().any(|row| row.id == conversation) {
            return Ok(());
        }
        self.count("drafts");
        let text = if self.random.once_in(5) {
            String::new()
        } else {
            format!("draft number {}", self.random.below(1_000_000))
        };
        if local(client.save_draft(conversation.clone(), text.clone()).await)?.is_some() {
            self.drafts.insert((device, conversation), text);
        }
        Ok(())
    }

    /// What is done over REST, and so may fail without a connection.
    async fn change_a_channel(&mut self, cast: &Cast, device: usize) -> anyhow::Result<()> {
        let seat = &cast.devices[device];
        let channels = cast.conversations.channels();
        let channel = channels[self.choose(channels.len())].clone();
        let number = self.deeds.len();
        let (name, kind, done) = match self.choose(8) {
            0 => {
                let name = format!("channel number {number}");
                let done = brief(seat.client.rename_channel(channel.clone(), name)).await;
                ("renamed", None, done)
            }
            1 | 2 if seat.person == 0 => {
                // Open again more often than archived, or most of the run would be refused.
                let on = self.random.once_in(4);
                let done = brief(seat.client.set_archived(channel.clone(), on)).await;
                ("archived", Some(EntryKind::Archived { on }), done)
            }
            _ => {
                let topic = format!("topic number {number} by {}", seat.name);
                let done = brief(seat.client.set_topic(channel.clone(), topic.clone())).await;
                ("topics", Some(EntryKind::Topic { topic }), done)
            }
        };
        if let Some(kind) = kind {
            self.deeds.push(Deed {
                author: cast.id(seat.person).clone(),
                device,
                conversation: channel,
                kind,
                client_id: None,
                promise: Promise::None,
            });
        }
        if distant(done)?.is_some() {
            self.count(name);
        }
        Ok(())
    }

    /// Leaves and joins the public channel; the owner takes people into the private one and out of it.
    async fn come_or_go(&mut self, cast: &Cast, device: usize) -> anyhow::Result<()> {
        let seat = &cast.devices[device];
        let (public, private) = (&cast.conversations.public, &cast.conversations.private);
        let comes = self.random.once_in(2);
        let (name, done) = if seat.person == 0 {
            let person = 1 + self.choose(cast.people.len() - 1);
            if !comes {
                self.interrupt(person, private);
            }
            let id = cast.id(person).clone();
            if comes {
                ("added", brief(seat.client.add_member(private.clone(), id)).await)
            } else {
                ("removed", brief(seat.client.remove_member(private.clone(), id)).await)
            }
        } else if comes {
            ("joined", brief(seat.client.join_channel(public.clone())).await)
        } else {
            self.interrupt(seat.person, public);
            ("left", brief(seat.client.leave_channel(public.clone())).await)
        };
        if distant(done)?.is_some() {
            self.count(name);
        }
        Ok(())
    }

    fn interrupt(&mut self, person: usize, conversation: &ConversationId) {
        self.interrupted.insert((person, conversation.clone()));
    }

    async fn break_something(&mut self, cast: &mut Cast, device: usize) -> anyhow::Result<()> {
        let choice = self.choose(24);
        let bytes = u32::try_from(self.random.below(20_000))?;
        let seat = &cast.devices[device];
        let name = match choice {
            0..=5 => {
                seat.proxy.cut();
                "cuts"
            }
            6..=8 => {
                seat.proxy.cut_after(Direction::ToServer, bytes);
                "cuts"
            }
            9..=11 => {
                seat.proxy.cut_after(Direction::ToClient, bytes);
                "cuts"
            }
            12..=14 => {
                let networks = [
                    Network::Refusing,
                    Network::Stalled,
                    Network::DeafClient,
                    Network::DeafServer,
                ];
                seat.proxy.set(networks[self.choose(networks.len())]);
                "networks broken"
            }
            15..=19 => {
                seat.proxy.set(Network::Whole);
                seat.client.reconnect_now().await;
                "networks mended"
            }
            20..=22 => {
                cast.restart_device(device).await?;
                "devices restarted"
            }
            _ => {
                cast.restart_server().await?;
                "server kills"
            }
        };
        self.count(name);
        Ok(())
    }

    /// A message that the device shows at the end of a conversation.
    async fn any_message(
        &self,
        seat: &Seat,
        conversation: &ConversationId,
        fits: impl Fn(&MessageView) -> bool,
    ) -> Option<MessageView> {
        // One that is not in the list is asked for at the server, which takes its time when the network is broken.
        let rows = seat.client.conversations().await.ok()?;
        rows.iter().find(|row| row.id == *conversation)?;
        let opened = seat.client.open_conversation(conversation.clone()).await.ok()?;
        let messages = opened.page.items.into_iter().filter_map(|item| match item {
            TimelineItem::Message(message) if fits(&message) => Some(message),
            _ => None,
        });
        let messages: Vec<MessageView> = messages.collect();
        messages.get(self.choose(messages.len())).cloned()
    }

    fn choose(&self, end: usize) -> usize {
        usize::try_from(self.random.below(end as u64)).unwrap_or(0)
    }

    fn count(&mut self, name: &'static str) {
        *self.counts.entry(name).or_default() += 1;
    }
}

/// What a device does by itself: done, or refused with a reason. Everything else is a fault.
fn local<T>(done: Result<T, Failure>) -> anyhow::Result<Option<T>> {
    match done {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Refused { .. }) => Ok(None),
        Err(failure) => bail!("a device could not keep what was done on it: {failure}"),
    }
}

/// Nobody waits long for a network that is broken: whether it happened all the same, the log tells.
async fn brief<T>(doing: impl Future<Output = Result<T, Failure>>) -> Option<Result<T, Failure>> {
    tokio::time::timeout(PATIENCE_OF_PEOPLE, doing).await.ok()
}

/// What needs the server: done, refused, or not to be reached just now.
fn distant<T>(done: Option<Result<T, Failure>>) -> anyhow::Result<Option<T>> {
    match done {
        None | Some(Err(Failure::Unreachable { .. } | Failure::NotLoquat { .. })) => Ok(None),
        Some(done) => local(done),
    }
}
