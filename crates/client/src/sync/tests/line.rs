//! The line to one device: a socket with one cursor per conversation, and the frames that are on their way.

use std::collections::{HashMap, VecDeque};

use protocol::ConversationId;
use protocol::frame::Cursor;

use super::log::{Log, PAGE};
use super::model::{RESUME, Server};
use super::random::Dice;
use crate::sync::{Event, Page};

#[derive(Default)]
pub(super) struct Line {
    /// How far the socket has got; none while it is cut.
    sent: Option<HashMap<ConversationId, usize>>,
    frames: VecDeque<Event>,
}

impl Line {
    /// Puts a frame on the line, if there is one.
    pub(super) fn say(&mut self, event: Event) {
        if self.sent.is_some() {
            self.frames.push_back(event);
        }
    }

    /// The person is a member now.
    pub(super) fn introduce(&mut self, id: &ConversationId, log: &Log) {
        if let Some(sent) = &mut self.sent {
            self.frames.push_back(Event::Conversation(log.said(id)));
            self.frames.push_back(newest(id, log));
            sent.insert(id.clone(), log.entries.len());
        }
    }

    /// The person is a member no more: everything up to here, and that.
    pub(super) fn dismiss(&mut self, id: &ConversationId, log: &Log) {
        while self.put_next(id, log) {}
        self.say(Event::Conversation(log.said(id)));
        if let Some(sent) = &mut self.sent {
            sent.remove(id);
        }
    }

    /// The line is cut, with whatever was on it.
    pub(super) fn cut(&mut self) {
        self.sent = None;
        self.frames.clear();
    }

    pub(super) fn is_connected(&self) -> bool {
        self.sent.is_some()
    }

    fn put_next(&mut self, id: &ConversationId, log: &Log) -> bool {
        let Some(at) = self.sent.as_mut().and_then(|sent| sent.get_mut(id)) else {
            return false;
        };
        let Some(entry) = log.entries.get(*at) else {
            return false;
        };
        *at += 1;
        self.frames.push_back(Event::Entry {
            epoch: log.epoch(),
            entry: entry.clone(),
        });
        true
    }
}

impl Server {
    /// A fresh socket: welcome, and for each conversation what was missed or the newest page.
    pub(super) fn hello(&mut self, device: usize, cursors: Vec<Cursor>) {
        let cursors = cursors.into_iter().map(|cursor| (cursor.conversation.clone(), cursor));
        let mut cursors: HashMap<_, _> = cursors.collect();
        let members: Vec<_> = self.logs.iter().filter(|(_, log)| log.is_member).collect();
        let mut frames = VecDeque::from([Event::Welcome(members.iter().map(|(id, log)| log.said(id)).collect())]);
        let mut sent = HashMap::new();
        for (id, log) in members {
            let at = cursors.remove(id).filter(|cursor| cursor.epoch == log.epoch());
            let at = at.and_then(|cursor| {
                let seq = usize::try_from(cursor.seq).unwrap();
                let fits = log
                    .entries
                    .get(seq - 1)
                    .is_some_and(|entry| entry.client_id == cursor.client_id);
                (fits && log.entries.len() - seq <= RESUME).then_some(seq)
            });
            if at.is_none() {
                frames.push_back(newest(id, log));
            }
            sent.insert(id.clone(), at.unwrap_or(log.entries.len()));
        }
        self.lines[device] = Line {
            sent: Some(sent),
            frames,
        };
    }

    /// The next frames that arrive at a device, at most `most`.
    pub(super) fn receive(&mut self, device: usize, dice: &mut Dice, most: usize) -> Vec<Event> {
        for _ in 0..most {
            self.put_one_on_the_line(device, dice);
        }
        let frames = &mut self.lines[device].frames;
        let count = most.min(frames.len());
        frames.drain(..count).collect()
    }

    /// Whether the socket has nothing more to bring.
    pub(super) fn is_drained(&self, device: usize) -> bool {
        let line = &self.lines[device];
        let has_all =
            |sent: &HashMap<ConversationId, usize>| sent.iter().all(|(id, at)| *at == self.logs[id].entries.len());
        line.frames.is_empty() && line.sent.as_ref().is_some_and(has_all)
    }

    fn put_one_on_the_line(&mut self, device: usize, dice: &mut Dice) {
        let Some(sent) = &self.lines[device].sent else { return };
        let mut ids: Vec<ConversationId> = sent.keys().cloned().collect();
        ids.sort();
        if !ids.is_empty() {
            let id = &ids[dice.below(ids.len())];
            self.lines[device].put_next(id, &self.logs[id]);
        }
    }
}

fn newest(id: &ConversationId, log: &Log) -> Event {
    let entries = log.entries[log.entries.len().saturating_sub(PAGE)..].to_vec();
    Event::Truncated(Page {
        conversation: id.clone(),
        epoch: log.epoch(),
        messages: log.messages(&entries),
        entries,
    })
}
