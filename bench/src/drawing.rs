//! What a person sees of a conversation, worked out from its whole log: the simplest way there is, entry by entry.
//!
//! Made to be compared with what devices show. It shares no code with them, nor with the fold of the protocol.

use std::collections::BTreeMap;

use client::view::{MessageView, ReactionView, ReplyView, TimelineItem};
use protocol::{Entry, EntryKind, UserId};

/// Characters of a message that stand above one that answers it.
const EXCERPT: usize = 200;

/// Everything in the conversation as `me` sees it once the whole log has come.
pub(crate) fn draw(log: &[Entry], me: &UserId) -> Vec<TimelineItem> {
    let mut drawn: BTreeMap<u64, Drawn> = BTreeMap::new();
    let came = |entry: &&Entry| matches!(&entry.kind, EntryKind::Joined { person } if person == me);
    let since = log.iter().rev().find(came).map_or(0, |entry| entry.seq);
    for entry in log {
        match entry.kind.target() {
            Some(target) => {
                if let Some(message) = drawn.get_mut(&target) {
                    message.act(entry);
                }
            }
            None => drop(drawn.insert(entry.seq, Drawn::new(entry))),
        }
    }
    drawn
        .values()
        .map(|one| match &one.entry.kind {
            EntryKind::Message { reply_to, .. } => {
                let reply = reply_to.map(|seq| reply(seq, drawn.get(&seq)));
                let mut view = one.view(reply, me);
                view.mentions_me &= view.seq > since;
                TimelineItem::Message(view)
            }
            _ => TimelineItem::Event(one.entry.clone()),
        })
        .collect()
}

/// A message, or something else that has a place of its own.
struct Drawn {
    entry: Entry,
    body: String,
    edited_at: Option<i64>,
    deleted_by: Option<UserId>,
    pinned: bool,
    /// In the order in which they were put there.
    reactions: Vec<(String, UserId)>,
}

impl Drawn {
    fn new(entry: &Entry) -> Self {
        let body = match &entry.kind {
            EntryKind::Message { body, .. } => body.clone(),
            _ => String::new(),
        };
        Self {
            entry: entry.clone(),
            body,
            edited_at: None,
            deleted_by: None,
            pinned: false,
            reactions: Vec::new(),
        }
    }

    fn act(&mut self, entry: &Entry) {
        if self.deleted_by.is_some() {
            return;
        }
        match &entry.kind {
            EntryKind::Edit { body, .. } => {
                body.clone_into(&mut self.body);
                self.edited_at = Some(entry.at);
            }
            EntryKind::Delete { .. } => {
                self.deleted_by = Some(entry.author.clone());
                self.body.clear();
                self.edited_at = None;
                self.pinned = false;
                self.reactions.clear();
            }
            EntryKind::React { emoji, on, .. } => {
                let reaction = (emoji.clone(), entry.author.clone());
                self.reactions.retain(|held| *held != reaction);
                if *on {
                    self.reactions.push(reaction);
                }
            }
            EntryKind::Pin { on, .. } => self.pinned = *on,
            _ => {}
        }
    }

    fn view(&self, reply: Option<ReplyView>, me: &UserId) -> MessageView {
        let mut reactions: Vec<ReactionView> = Vec::new();
        for (emoji, person) in &self.reactions {
            match reactions.iter_mut().find(|held| held.emoji == *emoji) {
                Some(held) => held.people.push(person.clone()),
                None => reactions.push(ReactionView {
                    emoji: emoji.clone(),
                    people: vec![person.clone()],
                    mine: false,
                }),
            }
        }
        for reaction in &mut reactions {
            reaction.mine = reaction.people.contains(me);
        }
        MessageView {
            conversation: self.entry.conversation.clone(),
            seq: self.entry.seq,
            ordinal: self.entry.ordinal,
            at: self.entry.at,
            author: self.entry.author.clone(),
            client_id: self.entry.client_id.clone(),
            body: self.body.clone(),
            edited_at: self.edited_at,
            deleted_by: self.deleted_by.clone(),
            reactions,
            pinned: self.pinned,
            mentions_me: self.entry.author != *me
                && (self.body.contains(&format!("<@{me}>")) || self.body.contains("<!channel>")),
            reply,
            pending: false,
        }
    }
}

fn reply(seq: u64, answered: Option<&Drawn>) -> ReplyView {
    let deleted = answered.is_some_and(|drawn| drawn.deleted_by.is_some());
    ReplyView {
        seq,
        author: answered.map(|drawn| drawn.entry.author.clone()),
        excerpt: answered
            .filter(|_| !deleted)
            .map(|drawn| drawn.body.chars().take(EXCERPT).collect()),
        deleted,
    }
}

#[cfg(test)]
mod tests {
    use protocol::timeline::MessageFold;
    use protocol::{ClientId, ConversationId};

    use super::*;

    fn entry(seq: u64, author: u128, kind: EntryKind) -> Entry {
        Entry {
            conversation: ConversationId::from_random(1),
            seq,
            ordinal: 1,
            at: i64::try_from(seq).unwrap(),
            author: UserId::from_random(author),
            client_id: ClientId::from_random(u128::from(seq)),
            kind,
        }
    }

    fn react(seq: u64, author: u128, emoji: &str, on: bool) -> Entry {
        let emoji = emoji.to_owned();
        entry(seq, author, EntryKind::React { target: 1, emoji, on })
    }

    fn message(seq: u64, body: &str, reply_to: Option<u64>) -> Entry {
        let body = body.to_owned();
        entry(seq, 1, EntryKind::message(body, reply_to))
    }

    fn first(log: &[Entry]) -> MessageView {
        match draw(log, &UserId::from_random(2)).into_iter().next() {
            Some(TimelineItem::Message(message)) => message,
            other => panic!("got {other:?}"),
        }
    }

    #[test]
    fn what_is_drawn_is_what_the_protocol_folds() {
        let body = "second".to_owned();
        let log = [
            message(1, "first", None),
            react(2, 2, "👍", true),
            react(3, 3, "🎉", true),
            react(4, 3, "👍", true),
            react(5, 2, "👍", false),
            entry(6, 1, EntryKind::edit(1, body)),
            entry(7, 3, EntryKind::Pin { target: 1, on: true }),
            react(8, 2, "👍", true),
        ];
        let mut fold = MessageFold::default();
        for entry in &log[1..] {
            fold.apply(entry);
        }
        let drawn = first(&log);
        let reactions: Vec<_> = drawn
            .reactions
            .iter()
            .map(|held| (held.emoji.clone(), held.people.clone()))
            .collect();
        assert_eq!(reactions, fold.current_reactions());
        assert_eq!((drawn.body.as_str(), drawn.edited_at), ("second", Some(6)));
        assert!(drawn.pinned && drawn.reactions[1].mine && !drawn.reactions[0].mine);
    }

    #[test]
    fn a_deleted_message_keeps_its_place_and_nothing_else() {
        let log = [
            message(1, "", None),
            react(2, 2, "👍", true),
            entry(3, 1, EntryKind::Delete { target: 1 }),
            message(4, "about that", Some(1)),
        ];
        let drawn = first(&log);
        assert_eq!(drawn.deleted_by, Some(UserId::from_random(1)));
        assert!(drawn.body.is_empty() && drawn.reactions.is_empty());
        let items = draw(&log, &UserId::from_random(2));
        let TimelineItem::Message(answer) = &items[1] else {
            panic!("got {items:?}");
        };
        let reply = answer.reply.as_ref().unwrap();
        assert!(reply.deleted && reply.excerpt.is_none() && reply.author.is_some());
    }
}
