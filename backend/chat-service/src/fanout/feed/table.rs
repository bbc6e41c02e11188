//! Every feed of this node, and how far logs reach that nobody here watches yet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use protocol::ConversationId;
use service_kit::metrics::Counter;
use tokio::time::Instant;

use super::Feed;
use crate::fanout::lock;

/// How long it is remembered what was heard of a conversation that nobody watches: longer than a socket may take from
/// reading its memberships to watching them.
const REMEMBERED: Duration = Duration::from_mins(1);
/// Such conversations; of more, the rest is found by comparing.
const MOST_REMEMBERED: usize = 100_000;

/// Every feed somebody needs, by conversation.
#[derive(Debug)]
pub struct Feeds {
    limit_bytes: usize,
    deliveries: Counter,
    table: Mutex<Table>,
}

/// Under one lock, so that what is heard while somebody begins to watch is met by one of the two.
#[derive(Debug, Default)]
struct Table {
    feeds: HashMap<ConversationId, Weak<Feed>>,
    heard: HashMap<ConversationId, Heard>,
}

/// How far a log reaches, and when that was heard.
#[derive(Debug)]
struct Heard {
    epoch: String,
    head: u64,
    at: Instant,
}

impl Feeds {
    /// No feeds; each will keep at most `limit_bytes` of frames.
    pub fn new(limit_bytes: usize) -> Self {
        Self::counting(limit_bytes, Counter::default())
    }

    /// The same; whatever is brought to a socket is counted.
    pub fn counting(limit_bytes: usize, deliveries: Counter) -> Self {
        Self {
            limit_bytes,
            deliveries,
            table: Mutex::default(),
        }
    }

    /// The feed of a conversation; a new one if nobody holds it.
    pub fn get(&self, conversation: &ConversationId, epoch: &str) -> Arc<Feed> {
        let mut table = lock(&self.table);
        if let Some(feed) = table.feeds.get(conversation).and_then(Weak::upgrade) {
            return feed;
        }
        let feed = Arc::new(Feed::new(
            conversation.clone(),
            epoch.to_owned(),
            self.limit_bytes,
            self.deliveries.clone(),
        ));
        if let Some(heard) = table.heard.remove(conversation).filter(|heard| heard.epoch == epoch) {
            feed.begin_at(heard.head);
        }
        table.feeds.insert(conversation.clone(), Arc::downgrade(&feed));
        feed
    }

    /// The feed of a conversation that another node has written to, if anybody here holds it. If nobody does, it is
    /// remembered for whoever begins to. Of a log that a restore has ended, nothing counts.
    pub fn hear(&self, conversation: &ConversationId, epoch: &str, seq: u64) -> Option<Arc<Feed>> {
        let mut table = lock(&self.table);
        if let Some(feed) = table.feeds.get(conversation).and_then(Weak::upgrade) {
            return (feed.epoch == epoch).then_some(feed);
        }
        let before = table.heard.get(conversation);
        if table.heard.len() < MOST_REMEMBERED || before.is_some() {
            let known = before
                .filter(|heard| heard.epoch == epoch)
                .map_or(0, |heard| heard.head);
            let heard = Heard {
                epoch: epoch.to_owned(),
                head: seq.max(known),
                at: Instant::now(),
            };
            table.heard.insert(conversation.clone(), heard);
        }
        None
    }

    /// Every feed that somebody holds.
    pub fn watched(&self) -> Vec<Arc<Feed>> {
        lock(&self.table).feeds.values().filter_map(Weak::upgrade).collect()
    }

    /// Forgets feeds that nobody holds, and what was read from the log for sockets that have it by now.
    pub fn sweep(&self) {
        let mut table = lock(&self.table);
        table.feeds.retain(|_, feed| {
            let held = feed.upgrade();
            if let Some(feed) = &held {
                feed.forget_older();
            }
            held.is_some()
        });
        let now = Instant::now();
        table.heard.retain(|_, heard| now - heard.at < REMEMBERED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::conversation;

    #[test]
    fn whoever_begins_to_watch_learns_what_was_heard_a_moment_before() {
        let feeds = Feeds::new(10_000);
        let hear = |epoch, seq| feeds.hear(&conversation(1), epoch, seq);
        assert!(hear("e", 7).is_none());
        assert!(hear("e", 6).is_none(), "a late one lowers nothing");
        let feed = feeds.get(&conversation(1), "e");
        assert_eq!(feed.head(), 7);
        assert!(hear("e", 8).is_some(), "who holds it is told");
        drop(feed);
        assert_eq!(feeds.get(&conversation(1), "e").head(), 0, "told once");
    }

    #[test]
    fn of_a_log_that_a_restore_has_ended_nothing_counts() {
        let feeds = Feeds::new(10_000);
        let hear = |epoch, seq| feeds.hear(&conversation(1), epoch, seq);
        assert!(hear("before", 900).is_none());
        let feed = feeds.get(&conversation(1), "after");
        assert_eq!(feed.head(), 0, "the log of before has no say in this one");
        assert!(hear("before", 901).is_none() && hear("after", 3).is_some());
        drop(feed);

        assert!(hear("before", 902).is_none() && hear("after", 4).is_none());
        assert_eq!(feeds.get(&conversation(1), "after").head(), 4, "the later one counts");
    }
}
