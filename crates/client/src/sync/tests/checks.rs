//! What must be true after every transaction, and in the end.

use std::collections::HashSet;

use protocol::{ConversationId, Entry, EntryKind};

use super::device::{Device, Drawn};
use super::log::{Log, me};
use super::model::Server;
use crate::store::testing::every_entry;
use crate::store::{conversations, entries, outbox};
use crate::sync::Anchor;
use crate::timeline;
use crate::view::TimelineItem;
use crate::views::{Viewer, passing_items};

impl Device {
    /// What must be true after every transaction.
    pub(super) fn check(&mut self) {
        for id in conversations::ids(self.file.connection()).unwrap() {
            self.check_stretches(&id);
        }
        let ends: Vec<_> = self.ends.keys().cloned().collect();
        for id in ends {
            let edge = conversations::held(self.file.connection(), &id)
                .unwrap()
                .and_then(|held| held.edge);
            assert_eq!(
                self.ends[&id].last,
                edge.unwrap_or(0),
                "the window does not reach the edge"
            );
            let held = self.items(&id, self.ends[&id].first, self.ends[&id].last);
            assert_same(&self.ends[&id], &held);
        }
        if let Some((id, first, last)) = self
            .middle
            .as_ref()
            .map(|(id, drawn)| (id.clone(), drawn.first, drawn.last))
        {
            let held = self.items(&id, first, last);
            assert_same(&self.middle.as_ref().unwrap().1, &held);
        }
    }

    fn check_stretches(&mut self, id: &ConversationId) {
        let held = conversations::held(self.file.connection(), id).unwrap().unwrap();
        let stretches = self.stretches(id);
        for pair in stretches.windows(2) {
            assert!(pair[0].1 + 1 < pair[1].0, "stretches touch: {stretches:?}");
        }
        let seqs: Vec<u64> = every_entry(self.file.connection(), id)
            .iter()
            .map(|entry| entry.seq)
            .collect();
        let covered: Vec<u64> = stretches.iter().flat_map(|(first, last)| *first..=*last).collect();
        assert_eq!(seqs, covered);
        let last = stretches.last().map_or(0, |(_, last)| *last);
        assert!(
            held.edge.is_none_or(|edge| edge == last),
            "edge {:?}, last entry {last}",
            held.edge
        );
        assert!(held.edge.is_some() || stretches.is_empty());
    }

    fn stretches(&mut self, id: &ConversationId) -> Vec<(u64, u64)> {
        let disk = self.file.connection();
        let mut select = disk
            .prepare("SELECT first, last FROM stretch WHERE conversation = ?1 ORDER BY first")
            .unwrap();
        let rows = select.query_map([id.as_str()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
        rows.unwrap()
            .map(|row| {
                row.map(|(first, last)| (first.unsigned_abs(), last.unsigned_abs()))
                    .unwrap()
            })
            .collect()
    }

    /// Everything that is held from `first` to `last`, drawn anew.
    fn items(&mut self, id: &ConversationId, first: u64, last: u64) -> Vec<TimelineItem> {
        let disk = self.file.connection();
        let entries = entries::first_items(disk, id, (first, last), u32::MAX).unwrap();
        Viewer::new(disk).unwrap().items(entries).unwrap()
    }

    /// In the end this device shows what one shows that never saw anything before.
    pub(super) fn check_equal(&mut self, server: &Server, with_restores: bool) {
        for (id, log) in &server.logs {
            let row = conversations::row(self.file.connection(), id).unwrap();
            assert_eq!(row.is_some(), log.is_member);
            let Some(row) = row else { continue };
            assert_eq!((row.head, row.ordinal), (log.entries.len() as u64, log.ordinal()));
            assert_eq!(
                (row.name.unwrap_or_default(), row.topic, row.archived, row.member_count),
                (log.name(), log.topic(), log.is_archived(), log.member_count())
            );
            let read = conversations::held(self.file.connection(), id).unwrap().unwrap().read;
            assert_eq!(
                row.mentions,
                log.mentions_behind(read.ordinal).len() as u64,
                "unread mentions"
            );
            assert_eq!(row.level, log.level.level, "the devices disagree on the level");
            self.scroll_to_the_beginning(server, id);
            assert_eq!(
                every_entry(self.file.connection(), id),
                log.entries,
                "the copy differs from the log"
            );
            self.check_views(id, log);
            self.check_written(id, &log.entries, with_restores);
            if !with_restores {
                let held = conversations::held(self.file.connection(), id).unwrap().unwrap();
                assert_eq!(held.read, log.read, "the devices disagree on what is unread");
            }
        }
        self.check();
    }

    fn check_views(&mut self, id: &ConversationId, log: &Log) {
        let mut fresh = passing_items(&log.whole(), &me());
        for item in &mut fresh {
            if let TimelineItem::Message(message) = item {
                message.mentions_me = log.message(message.seq).is_some_and(|entry| log.mentions_me(entry));
            }
        }
        let held = self.items(id, 1, log.entries.len() as u64);
        assert_eq!(held, fresh, "the views differ from a fresh snapshot's");
        let drawn = &self.ends[id];
        let drawn_to = fresh.len() - drawn.items.len();
        assert_eq!(
            drawn.items,
            fresh[drawn_to..],
            "the window differs from a fresh snapshot's"
        );
    }

    fn scroll_to_the_beginning(&mut self, server: &Server, id: &ConversationId) {
        let newest = timeline::newest(self.file.connection(), id).unwrap();
        let mut before = newest.last + 1;
        while before > 1 {
            let page = self.page(server, id, Anchor::Before(before)).expect("a page");
            assert_eq!(page.last + 1, before);
            before = page.first;
        }
    }

    /// Everything typed is in the log once, in the order it was typed, unless the server refused it for good.
    fn check_written(&mut self, id: &ConversationId, log: &[Entry], with_restores: bool) {
        let waiting = outbox::of_conversation(self.file.connection(), id).unwrap();
        assert!(
            waiting.iter().all(|message| message.failure.is_some()),
            "something still waits: {waiting:?}"
        );
        let refused: HashSet<&str> = waiting.iter().map(|message| message.body.as_str()).collect();
        let typed = self.typed.get(id).cloned().unwrap_or_default();
        // A deletion takes the text, not the place.
        let stored: Vec<(usize, &str)> = log
            .iter()
            .filter(|entry| entry.author == me())
            .filter_map(|entry| match &entry.kind {
                EntryKind::Message { body, .. } => Some(body.as_str()),
                _ => None,
            })
            .filter_map(|body| typed.iter().position(|typed| typed == body).map(|at| (at, body)))
            .collect();
        assert!(
            stored.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "out of order: {stored:?}"
        );
        let found: HashSet<&str> = stored.iter().map(|(_, body)| *body).collect();
        let missing = typed
            .iter()
            .filter(|body| !refused.contains(body.as_str()) && !found.contains(body.as_str()));
        let deleted = log
            .iter()
            .filter(|entry| entry.author == me() && is_blank(entry))
            .count();
        if !with_restores {
            assert!(missing.count() <= deleted, "{stored:?} of {typed:?}");
        }
    }
}

fn is_blank(entry: &Entry) -> bool {
    matches!(&entry.kind, EntryKind::Message { body, .. } if body.is_empty())
}

fn assert_same(drawn: &Drawn, held: &[TimelineItem]) {
    assert_eq!(
        drawn.items, held,
        "the window from {} to {} differs from the copy",
        drawn.first, drawn.last
    );
}
