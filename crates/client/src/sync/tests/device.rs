//! A device: the file, what its window draws from changes, and what its person does.

use std::collections::{BTreeMap, HashSet};

use protocol::{ClientId, ConversationId, NotificationLevel, ReadMark};

use super::log::me;
use super::model::Server;
use super::random::Dice;
use crate::change::Change;
use crate::store::acts::{self, WaitingAct};
use crate::store::testing::OpenFile;
use crate::store::{Writing, conversations, entries, levels, mentions, outbox};
use crate::sync::{Anchor, Outcome, apply, keep_history};
use crate::timeline;
use crate::view::{MessageAct, PendingMessage, TimelineItem, TimelinePage};
use crate::views::Viewer;

const WRITE_AHEAD: usize = 5;

pub(super) struct Device {
    pub(super) number: usize,
    pub(super) file: OpenFile,
    /// The end of each conversation, as a window draws it.
    pub(super) ends: BTreeMap<ConversationId, Drawn>,
    /// Somewhere in the middle of a conversation, after following a link.
    pub(super) middle: Option<(ConversationId, Drawn)>,
    pub(super) typed: BTreeMap<ConversationId, Vec<String>>,
    in_flight: HashSet<ClientId>,
    ids: u128,
}

/// What is drawn of a conversation.
pub(super) struct Drawn {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) items: Vec<TimelineItem>,
}

impl From<TimelinePage> for Drawn {
    fn from(page: TimelinePage) -> Self {
        Self {
            first: page.first,
            last: page.last,
            items: page.items,
        }
    }
}

impl Device {
    pub(super) fn new(number: usize) -> Self {
        Self {
            number,
            file: OpenFile::new(),
            ends: BTreeMap::new(),
            middle: None,
            typed: BTreeMap::new(),
            in_flight: HashSet::new(),
            ids: (1 + number as u128) << 64,
        }
    }

    pub(super) fn connect(&mut self, server: &mut Server) {
        self.in_flight.clear();
        let cursors = conversations::cursors(self.file.connection()).unwrap();
        server.hello(self.number, cursors);
    }

    pub(super) fn restart(&mut self, server: &mut Server) {
        server.lines[self.number].cut();
        self.file.reopen();
        self.in_flight.clear();
    }

    pub(super) fn receive(&mut self, server: &mut Server, dice: &mut Dice) {
        let most = 1 + dice.below(8);
        let events = server.receive(self.number, dice, most);
        let (outcome, changes) = self.file.write(|writing| apply(writing, &me(), events)).unwrap();
        self.draw(changes);
        if let Outcome { resume: Some(_), .. } = outcome {
            self.connect(server);
        }
    }

    pub(super) fn crash_while_receiving(&mut self, server: &mut Server, dice: &mut Dice) {
        let events = server.receive(self.number, dice, 5);
        self.file
            .write_and_crash(|writing| apply(writing, &me(), events).map(drop));
        server.lines[self.number].cut();
        self.in_flight.clear();
    }

    pub(super) fn write(&mut self, id: &ConversationId, dice: &mut Dice) {
        let Some(held) = conversations::held(self.file.connection(), id).unwrap() else {
            return;
        };
        self.ids += 1;
        let body = format!("typed{}", self.ids);
        self.typed.entry(id.clone()).or_default().push(body.clone());
        let answered = dice.below(usize::try_from(held.head).unwrap() + 1) as u64;
        let is_message = self.message(id, answered).is_some();
        let mut message = PendingMessage {
            client_id: ClientId::from_random(self.ids).into(),
            conversation: id.clone(),
            body,
            reply: None,
            written_at: 0,
            failure: None,
        };
        let write = |writing: &mut Writing<'_>| {
            if is_message {
                message.reply = Some(Viewer::new(writing.disk)?.reply(id, answered)?);
            }
            outbox::add(writing, &message)
        };
        let ((), changes) = self.file.write(write).unwrap();
        self.draw(changes);
    }

    /// Edits, deletes, reacts to or pins a message, also one that the server will not let it.
    pub(super) fn act(&mut self, id: &ConversationId, dice: &mut Dice) {
        let Some(held) = conversations::held(self.file.connection(), id).unwrap() else {
            return;
        };
        let target = 1 + dice.below(usize::try_from(held.head).unwrap()) as u64;
        let Some(message) = self.message(id, target) else {
            return;
        };
        self.ids += 1;
        let act = match dice.below(8) {
            0 if message.author == me() || dice.once_in(9) => MessageAct::Delete,
            1 | 2 if message.author == me() => MessageAct::Edit {
                body: format!("mine{}", self.ids),
            },
            3 => MessageAct::Pin { on: !message.pinned },
            _ => {
                let emoji = ["👍", "🎉"][dice.below(2)].to_owned();
                let mine = message.reactions.iter().any(|held| held.mine && held.emoji == emoji);
                MessageAct::React { emoji, on: !mine }
            }
        };
        let waiting = WaitingAct {
            client_id: ClientId::from_random(self.ids),
            conversation: id.clone(),
            target,
            act,
            done_at: 7,
        };
        let ((), changes) = self.file.write(|writing| acts::add(writing, &waiting)).unwrap();
        self.draw(changes);
    }

    fn message(&mut self, id: &ConversationId, seq: u64) -> Option<crate::view::MessageView> {
        let disk = self.file.connection();
        Viewer::new(disk).unwrap().message_at(id, seq).unwrap()
    }

    /// Sends what waits. What is not answered is sent again on this same socket later, as after a pause.
    pub(super) fn send(&mut self, server: &mut Server, dice: &mut Dice) {
        if !server.lines[self.number].is_connected() {
            return;
        }
        if dice.once_in(3) {
            self.in_flight.clear();
        }
        let next = outbox::next(self.file.connection(), &self.in_flight, WRITE_AHEAD).unwrap();
        for outgoing in next {
            self.in_flight.insert(outgoing.client_id.clone());
            server.send(self.number, &outgoing);
        }
        for (id, mark) in conversations::owed_reads(self.file.connection(), 10).unwrap() {
            server.read(self.number, &id, mark);
        }
    }

    /// Tells the server of levels, and asks it about mentions; the answers may get lost.
    pub(super) fn settle_own_words(&mut self, server: &mut Server, dice: &mut Dice) {
        for (id, level) in levels::owed(self.file.connection()).unwrap() {
            let chosen = server.choose(&id, level);
            if dice.once_in(3) {
                continue;
            }
            let keep = |writing: &mut Writing<'_>| match chosen {
                Some(chosen) => levels::kept(writing.disk, &id, chosen),
                None => levels::give_up(writing.disk, &id),
            };
            let ((), changes) = self.file.write(keep).unwrap();
            self.draw(changes);
        }
        for id in mentions::wanted(self.file.connection()).unwrap() {
            let Some(log) = server.logs.get(&id).filter(|log| log.is_member) else {
                continue;
            };
            let said = log.said(&id);
            let ((), changes) = self.file.write(|writing| conversations::put(writing, &said)).unwrap();
            self.draw(changes);
        }
    }

    /// Chooses of what to be told in a conversation.
    pub(super) fn choose_level(&mut self, id: &ConversationId, dice: &mut Dice) {
        let choices = [
            None,
            Some(NotificationLevel::Mentions),
            Some(NotificationLevel::Nothing),
        ];
        let level = choices[dice.below(choices.len())];
        let choose = |writing: &mut Writing<'_>| levels::choose(writing, id, level).map(drop);
        let ((), changes) = self.file.write(choose).unwrap();
        self.draw(changes);
    }

    /// Rows that still want to be sent or answered, read marks and levels included.
    pub(super) fn waiting(&mut self) -> usize {
        let disk = self.file.connection();
        let rows = "SELECT count(*) FROM outbox WHERE failure IS NULL AND stored_seq IS NULL";
        let rows: u32 = disk.query_row(rows, (), |row| row.get(0)).unwrap();
        let owed = conversations::owed_reads(disk, 10).unwrap().len() + levels::owed(disk).unwrap().len();
        rows as usize + owed + mentions::wanted(disk).unwrap().len()
    }

    pub(super) fn mark_read(&mut self, server: &Server, id: &ConversationId, dice: &mut Dice) {
        let Some(held) = conversations::held(self.file.connection(), id).unwrap() else {
            return;
        };
        let most = usize::try_from(held.ordinal.min(server.logs[id].ordinal())).unwrap();
        let mark = ReadMark {
            generation: held.read.generation + u32::from(dice.once_in(4)),
            ordinal: dice.below(most + 1) as u64,
        };
        let write = |writing: &mut Writing<'_>| {
            if conversations::raise_read(writing, id, mark)? {
                conversations::owe_read(writing.disk, id)?;
            }
            Ok(())
        };
        self.file.write(write).unwrap();
    }

    /// Scrolls back from the end, as far as patience goes.
    pub(super) fn scroll_back(&mut self, server: &Server, id: &ConversationId, dice: &mut Dice) {
        for _ in 0..dice.below(4) {
            let Some(drawn) = self.ends.get(id).filter(|drawn| drawn.first > 1) else {
                return;
            };
            let anchor = Anchor::Before(drawn.first);
            let Some(page) = self.page(server, id, anchor) else {
                return;
            };
            // What was fetched may have had the conversation opened again.
            if let Some(drawn) = self.ends.get_mut(id)
                && drawn.first == page.last + 1
            {
                drawn.first = page.first;
                drawn.items.splice(0..0, page.items);
            }
        }
    }

    /// Follows a link to anywhere, and reads on from there.
    pub(super) fn jump(&mut self, server: &Server, id: &ConversationId, dice: &mut Dice) {
        let head = server.logs[id].entries.len();
        let is_member = conversations::held(self.file.connection(), id).unwrap().is_some();
        if head == 0 || !is_member {
            return;
        }
        let seq = 1 + dice.below(head) as u64;
        let Some(page) = self.page(server, id, Anchor::Around(seq)) else {
            return;
        };
        assert!((page.first..=page.last).contains(&seq));
        self.middle = Some((id.clone(), page.into()));
        let Some((_, drawn)) = &self.middle else { return };
        let after = drawn.last;
        let Some(next) = self.page(server, id, Anchor::After(after)) else {
            return;
        };
        if let Some((_, drawn)) = &mut self.middle
            && next.first == drawn.last + 1
        {
            drawn.last = next.last;
            drawn.items.extend(next.items);
        }
    }

    /// One page, from the disk or the server; looked at again where it may be old.
    pub(super) fn page(&mut self, server: &Server, id: &ConversationId, anchor: Anchor) -> Option<TimelinePage> {
        if self.held_page(id, anchor).is_none() {
            self.fetch(server, id, anchor);
        }
        let page = self.held_page(id, anchor)?;
        let stale = entries::stale(self.file.connection(), id, (page.first, page.last)).unwrap();
        if let Some((first, last)) = stale {
            let mut after = first - 1;
            while after < last {
                after = self.fetch(server, id, Anchor::After(after))?.max(after + 1);
            }
            return self.held_page(id, anchor);
        }
        Some(page)
    }

    fn held_page(&mut self, id: &ConversationId, anchor: Anchor) -> Option<TimelinePage> {
        let disk = self.file.connection();
        match anchor {
            Anchor::Before(seq) => timeline::before(disk, id, seq),
            Anchor::After(seq) => timeline::after(disk, id, seq),
            Anchor::Around(seq) => timeline::around(disk, id, seq),
        }
        .unwrap()
    }

    /// Fetches a page and keeps it; returns the last seq of it.
    fn fetch(&mut self, server: &Server, id: &ConversationId, anchor: Anchor) -> Option<u64> {
        let held = conversations::held(self.file.connection(), id).unwrap()?;
        if held.edge.is_none_or(|edge| anchor.is_ahead_of(edge)) {
            return None;
        }
        let answer = server.logs[id].history(anchor);
        let keep = |writing: &mut Writing<'_>| keep_history(writing, &me(), id, anchor, &answer);
        let (_, changes) = self.file.write(keep).unwrap();
        self.draw(changes);
        answer.entries.last().map(|entry| entry.seq)
    }

    /// What a window does with changes.
    pub(super) fn draw(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Appended {
                    conversation,
                    items,
                    last,
                } => {
                    let drawn = self.ends.get_mut(&conversation).expect("what is appended to is drawn");
                    drawn.first = drawn.first.max(1);
                    drawn.last = last;
                    drawn.items.extend(items);
                }
                Change::Messages { conversation, messages } => {
                    let middle = self.middle.iter_mut().filter(|(id, _)| *id == conversation);
                    let middle = middle.map(|(_, drawn)| drawn);
                    for drawn in self.ends.get_mut(&conversation).into_iter().chain(middle) {
                        for message in &messages {
                            drawn.replace(message);
                        }
                    }
                }
                Change::Reloaded { conversation } => {
                    let page = timeline::newest(self.file.connection(), &conversation).unwrap();
                    self.middle.take_if(|(id, _)| *id == conversation);
                    self.ends.insert(conversation, page.into());
                }
                Change::ConversationRemoved { conversation } => {
                    self.middle.take_if(|(id, _)| *id == conversation);
                    self.ends.remove(&conversation);
                }
                _ => {}
            }
        }
    }
}

impl Drawn {
    fn replace(&mut self, message: &crate::view::MessageView) {
        let is_it = |item: &&mut TimelineItem| matches!(item, TimelineItem::Message(held) if held.seq == message.seq);
        if let Some(item) = self.items.iter_mut().find(is_it) {
            *item = TimelineItem::Message(message.clone());
        }
    }
}
