//! Random rounds: whatever is cut, crashed, missed or restored, the copy ends equal to the server's log, the window
//! ends equal to the copy, and everything written is stored once and in order.

use std::collections::{BTreeMap, HashSet};

use protocol::{ClientId, ConversationId, Entry, ReadMark};

use super::model::{Server, me};
use super::random::Dice;
use crate::change::Change;
use crate::store::testing::OpenFile;
use crate::store::{conversations, entries, outbox};
use crate::sync::{Outcome, apply, keep_history, newest_page, page_before};
use crate::view::PendingMessage;

const STEPS: usize = 250;
const ROUNDS: u64 = 30;
const WRITE_AHEAD: usize = 5;

/// A device: the file, what a window draws from its changes, and what was typed.
struct Device {
    file: OpenFile,
    window: BTreeMap<ConversationId, Vec<Entry>>,
    typed: BTreeMap<ConversationId, Vec<String>>,
    in_flight: HashSet<ClientId>,
    ids: u128,
}

#[test]
fn the_copy_ends_equal_to_the_log_whatever_happens() {
    for seed in 0..ROUNDS {
        round(seed, false);
    }
}

#[test]
fn the_copy_ends_equal_to_the_log_also_when_the_server_is_restored() {
    for seed in 0..ROUNDS {
        round(seed, true);
    }
}

#[expect(clippy::print_stdout, reason = "the last line before a failure names the seed")]
fn round(seed: u64, with_restores: bool) {
    println!("seed {seed}, with restores: {with_restores}");
    let mut dice = Dice::new(seed);
    let mut server = Server::default();
    let mut device = Device::new();
    for _ in 0..3 {
        server.add_conversation();
    }
    for _ in 0..STEPS {
        step(&mut device, &mut server, &mut dice, with_restores);
        device.check();
    }
    settle(&mut device, &mut server, &mut dice);
    device.check_equal(&server, with_restores);
}

fn step(device: &mut Device, server: &mut Server, dice: &mut Dice, with_restores: bool) {
    let ids: Vec<ConversationId> = server.logs.keys().cloned().collect();
    let id = &ids[dice.below(ids.len())];
    match dice.below(100) {
        0..30 => server.happens(id, dice),
        30..40 => (0..dice.below(12)).for_each(|_| server.happens(id, dice)),
        40..60 => device.receive(server, dice),
        60..68 => device.write(id),
        68..76 => device.send(server, dice),
        76..80 => device.mark_read(server, id, dice),
        80..84 => device.scroll_back(server, id, dice),
        84..88 => server.cut(),
        88..90 => device.restart(server),
        90..92 => device.crash_while_receiving(server, dice),
        92..93 if server.logs.len() < 6 => drop(server.add_conversation()),
        93..94 => server.is_busy = true,
        94..95 if !with_restores => server.leave_or_join(id),
        95..96 if with_restores => server.restore(id, dice),
        _ => device.connect(server),
    }
}

/// No more trouble: everything is delivered and sent.
fn settle(device: &mut Device, server: &mut Server, dice: &mut Dice) {
    server.is_busy = false;
    for _ in 0..2000 {
        if !server.is_connected() {
            device.connect(server);
        }
        device.send(server, dice);
        device.receive(server, dice);
        if server.is_drained() && device.unsent() == 0 {
            return;
        }
    }
    panic!("it never settles");
}

impl Device {
    fn new() -> Self {
        let (window, typed) = (BTreeMap::new(), BTreeMap::new());
        Self {
            file: OpenFile::new(),
            window,
            typed,
            in_flight: HashSet::new(),
            ids: 1 << 64,
        }
    }

    fn connect(&mut self, server: &mut Server) {
        self.in_flight.clear();
        server.hello(conversations::cursors(self.file.connection()).unwrap());
    }

    fn restart(&mut self, server: &mut Server) {
        server.cut();
        self.file.reopen();
        self.in_flight.clear();
    }

    fn receive(&mut self, server: &mut Server, dice: &mut Dice) {
        let most = 1 + dice.below(8);
        let events = server.receive(dice, most);
        let (outcome, changes) = self.file.write(|writing| apply(writing, &me(), events)).unwrap();
        self.draw(changes);
        if let Outcome { resume: Some(_), .. } = outcome {
            self.connect(server);
        }
    }

    fn crash_while_receiving(&mut self, server: &mut Server, dice: &mut Dice) {
        let events = server.receive(dice, 5);
        self.file
            .write_and_crash(|writing| apply(writing, &me(), events).map(drop));
        server.cut();
        self.in_flight.clear();
    }

    fn write(&mut self, id: &ConversationId) {
        if conversations::held(self.file.connection(), id).unwrap().is_none() {
            return;
        }
        self.ids += 1;
        let body = format!("typed{}", self.ids);
        self.typed.entry(id.clone()).or_default().push(body.clone());
        let message = PendingMessage {
            client_id: ClientId::from_random(self.ids).into(),
            conversation: id.clone(),
            body,
            written_at: 0,
            failure: None,
        };
        let ((), changes) = self.file.write(|writing| outbox::add(writing, &message)).unwrap();
        self.draw(changes);
    }

    /// Sends what waits. What is not answered is sent again on this same socket later, as after a pause.
    fn send(&mut self, server: &mut Server, dice: &mut Dice) {
        if !server.is_connected() {
            return;
        }
        if dice.once_in(3) {
            self.in_flight.clear();
        }
        let next = outbox::next(self.file.connection(), &self.in_flight, WRITE_AHEAD).unwrap();
        for message in next {
            self.in_flight.insert(message.client_id.clone());
            server.send(&message);
        }
        for (id, mark) in conversations::owed_reads(self.file.connection(), 10).unwrap() {
            server.read(&id, mark);
        }
    }

    fn mark_read(&mut self, server: &Server, id: &ConversationId, dice: &mut Dice) {
        let Some(held) = conversations::held(self.file.connection(), id).unwrap() else {
            return;
        };
        let most = usize::try_from(held.ordinal.min(server.logs[id].ordinal())).unwrap();
        let mark = ReadMark {
            generation: held.read.generation,
            ordinal: dice.below(most + 1) as u64,
        };
        let write = |writing: &mut crate::store::Writing<'_>| {
            if conversations::raise_read(writing, id, mark)? {
                conversations::owe_read(writing.disk, id)?;
            }
            Ok(())
        };
        self.file.write(write).unwrap();
    }

    fn scroll_back(&mut self, server: &mut Server, id: &ConversationId, dice: &mut Dice) {
        let page = newest_page(self.file.connection(), id).unwrap();
        let Some(mut before) = page.entries.first().map(|first| first.seq) else {
            return;
        };
        for _ in 0..dice.below(4) {
            before = self.earlier(server, id, before);
        }
    }

    /// One page back; returns where the next one begins.
    fn earlier(&mut self, server: &mut Server, id: &ConversationId, before: u64) -> u64 {
        if before > 1
            && page_before(self.file.connection(), id, before)
                .unwrap()
                .entries
                .is_empty()
        {
            let answer = server.history(id, before);
            let keep = |writing: &mut crate::store::Writing<'_>| keep_history(writing, &me(), id, before, &answer);
            let (_, changes) = self.file.write(keep).unwrap();
            self.draw(changes);
        }
        let page = page_before(self.file.connection(), id, before).unwrap();
        page.entries.first().map_or(before, |first| first.seq)
    }

    fn unsent(&mut self) -> u32 {
        outbox::unsent(self.file.connection()).unwrap()
    }

    /// What a window does with changes.
    fn draw(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Appended { conversation, entries } => {
                    let drawn = self.window.entry(conversation).or_default();
                    for entry in entries {
                        let expected = drawn.last().map_or(1, |last| last.seq + 1);
                        assert_eq!(
                            entry.seq, expected,
                            "an appended entry does not follow the last one drawn"
                        );
                        drawn.push(entry);
                    }
                }
                Change::Reloaded { conversation } => {
                    let page = newest_page(self.file.connection(), &conversation).unwrap();
                    self.window.insert(conversation, page.entries);
                }
                Change::ConversationRemoved { conversation } => drop(self.window.remove(&conversation)),
                _ => {}
            }
        }
    }

    /// What must be true after every transaction.
    fn check(&mut self) {
        for id in conversations::ids(self.file.connection()).unwrap() {
            let held = conversations::held(self.file.connection(), &id).unwrap().unwrap();
            let stretches = self.numbers(
                "SELECT first, last FROM stretch WHERE conversation = ?1 ORDER BY first",
                &id,
            );
            for pair in stretches.windows(2) {
                assert!(pair[0].1 + 1 < pair[1].0, "stretches touch: {stretches:?}");
            }
            let seqs = self.numbers("SELECT seq, seq FROM entry WHERE conversation = ?1 ORDER BY seq", &id);
            let covered: Vec<u64> = stretches.iter().flat_map(|(first, last)| *first..=*last).collect();
            assert_eq!(seqs.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), covered);
            let last = stretches.last().map_or(0, |(_, last)| *last);
            assert!(
                held.edge.is_none_or(|edge| edge == last),
                "edge {:?}, last entry {last}",
                held.edge
            );
            assert!(held.edge.is_some() || stretches.is_empty());
        }
    }

    fn numbers(&mut self, select: &str, id: &ConversationId) -> Vec<(u64, u64)> {
        let mut select = self.file.connection().prepare(select).unwrap();
        let rows = select
            .query_map([id.as_str()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
            .unwrap();
        rows.map(|row| {
            row.map(|(first, last)| (first.unsigned_abs(), last.unsigned_abs()))
                .unwrap()
        })
        .collect()
    }

    fn check_equal(&mut self, server: &Server, with_restores: bool) {
        for (id, log) in &server.logs {
            let row = conversations::row(self.file.connection(), id).unwrap();
            assert_eq!(row.is_some(), log.is_member);
            let Some(row) = row else { continue };
            assert_eq!((row.head, row.ordinal), (log.entries.len() as u64, log.ordinal()));
            assert_eq!(
                (row.name.unwrap_or_default(), row.member_count),
                (log.name(), log.member_count())
            );
            self.check_window(id, log.entries.last());
            let all = self.all_entries(server, id);
            assert_eq!(all, log.entries, "the copy differs from the log");
            self.check_written(id, &log.entries, with_restores);
            if !with_restores {
                assert!(row.read_ordinal >= log.read.ordinal && row.read_ordinal <= log.read_up_to());
            }
        }
    }

    /// The window shows the end of the log, without a hole, as the copy has it.
    fn check_window(&mut self, id: &ConversationId, newest: Option<&Entry>) {
        let drawn = self.window.get(id).cloned().unwrap_or_default();
        assert_eq!(drawn.last(), newest, "the window stopped before the end");
        if let Some(first) = drawn.first() {
            let most = u32::try_from(drawn.len()).unwrap();
            let end = drawn.last().map_or(0, |last| last.seq) + 1;
            let held = entries::before(self.file.connection(), id, end, most).unwrap();
            assert_eq!(drawn, held, "the window from {} differs from the copy", first.seq);
        }
    }

    fn all_entries(&mut self, server: &Server, id: &ConversationId) -> Vec<Entry> {
        let mut before = newest_page(self.file.connection(), id)
            .unwrap()
            .entries
            .last()
            .map_or(1, |last| last.seq + 1);
        let end = before;
        while before > 1 {
            let held = page_before(self.file.connection(), id, before).unwrap();
            if held.entries.is_empty() {
                let answer = server.history(id, before);
                self.file
                    .write(|writing| keep_history(writing, &me(), id, before, &answer))
                    .unwrap();
            } else {
                before = held.entries[0].seq;
            }
        }
        entries::before(self.file.connection(), id, end, u32::MAX).unwrap()
    }

    /// Everything typed is in the log once, in the order it was typed, unless the server refused it for good.
    fn check_written(&mut self, id: &ConversationId, log: &[Entry], with_restores: bool) {
        let waiting = outbox::of_conversation(self.file.connection(), id).unwrap();
        assert!(
            waiting.iter().all(|message| message.failure.is_some()),
            "something still waits: {waiting:?}"
        );
        let refused: HashSet<&str> = waiting.iter().map(|message| message.body.as_str()).collect();
        let stored: Vec<&str> = log
            .iter()
            .filter(|entry| entry.author == me())
            .filter_map(|entry| match &entry.kind {
                protocol::EntryKind::Message { body } => Some(body.as_str()),
                _ => None,
            })
            .collect();
        let typed = self.typed.get(id).cloned().unwrap_or_default();
        let expected: Vec<&str> = typed
            .iter()
            .map(String::as_str)
            .filter(|body| !refused.contains(body))
            .collect();
        if with_restores {
            // What a restore took is gone; the rest is there once and in order.
            let mut rest = expected.iter();
            assert!(
                stored.iter().all(|body| rest.any(|typed| typed == body)),
                "{stored:?} of {expected:?}"
            );
        } else {
            assert_eq!(stored, expected);
        }
    }
}
