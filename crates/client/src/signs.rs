//! Live signs: what is on this device's screen, and who types, is there or has read of that. In memory only, and bounded
//! by what this device asked for, whatever a server says.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use protocol::{Activity, ConversationId, Entry, Limits, Presence, UserId};
use tokio::time::Instant;

use crate::change::Change;
use crate::changes::Feed;
use crate::view::{PresenceView, ReceiptView};

/// How long somebody is said to type after each sign of it.
const TYPING_SHOWN: Duration = Duration::from_secs(5);
/// No server may have this device watch more than this, or keep more signs of it.
const MOST_CONVERSATIONS: usize = 100;
const MOST_PEOPLE: usize = 2000;
/// People who type in one conversation, or have read it, as far as they are kept.
const MOST_IN_ONE: usize = 200;
/// Room in a frame for an id and what is around it.
const ID_BYTES: usize = 80;

/// What this device asks to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) conversations: Vec<ConversationId>,
    pub(crate) people: Vec<UserId>,
}

/// A sign from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sign {
    Typing {
        conversation: ConversationId,
        person: UserId,
    },
    Presence(Vec<PresenceView>),
    Receipts {
        conversation: ConversationId,
        receipts: Vec<ReceiptView>,
    },
}

impl Sign {
    /// Whether it says that the author of this message types where that was written.
    pub(crate) fn is_typing_of(&self, entry: &Entry) -> bool {
        matches!(self, Self::Typing { conversation, person }
            if entry.kind.is_message() && *conversation == entry.conversation && *person == entry.author)
    }
}

/// Everything that is known of live signs while somebody is signed in.
pub(crate) struct Signs {
    feed: Feed,
    me: UserId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the window said is on the screen.
    screen: Watched,
    /// Whether the window has said so since that was last asked.
    is_fresh: bool,
    idle: bool,
    typing_owed: BTreeSet<ConversationId>,
    typing_told: HashMap<ConversationId, Instant>,
    /// What the server was asked to tell.
    watched: Watched,
    typing: BTreeMap<ConversationId, BTreeMap<UserId, Instant>>,
    presence: BTreeMap<UserId, PresenceView>,
    receipts: BTreeMap<ConversationId, BTreeMap<UserId, u64>>,
}

impl Signs {
    pub(crate) fn new(feed: Feed, me: UserId) -> Self {
        Self {
            feed,
            me,
            state: Mutex::default(),
        }
    }

    /// This is on the screen now.
    pub(crate) fn show(&self, screen: Watched) {
        let mut state = crate::lock(&self.state);
        state.screen = screen;
        state.is_fresh = true;
    }

    /// Whether the window has said anew what is on the screen since this was last asked.
    pub(crate) fn is_shown_anew(&self) -> bool {
        std::mem::take(&mut crate::lock(&self.state).is_fresh)
    }

    /// What to watch: the screen first, then these people, as far as the server allows.
    pub(crate) fn wanted(&self, partners: &[UserId], limits: &Limits) -> Watched {
        let room = (limits.frame_bytes as usize / ID_BYTES).saturating_sub(MOST_CONVERSATIONS);
        let most_people = (limits.watched_people as usize).min(MOST_PEOPLE).min(room);
        let most_conversations = (limits.watched_conversations as usize).min(MOST_CONVERSATIONS);
        let state = crate::lock(&self.state);
        let mut seen = BTreeSet::from([&self.me]);
        let people = state.screen.people.iter().chain(partners);
        let people = people.filter(|person| seen.insert(person)).take(most_people);
        let mut conversations = BTreeSet::new();
        let on_screen = state.screen.conversations.iter();
        let on_screen = on_screen.filter(|conversation| conversations.insert((*conversation).clone()));
        Watched {
            conversations: on_screen.take(most_conversations).cloned().collect(),
            people: people.cloned().collect(),
        }
    }

    /// The server was asked to tell of these: nothing is kept of others.
    pub(crate) fn watches(&self, watched: Watched) {
        let mut state = crate::lock(&self.state);
        let people: BTreeSet<&UserId> = watched.people.iter().collect();
        state.presence.retain(|person, _| people.contains(person));
        let gone: Vec<_> = state
            .typing
            .keys()
            .filter(|conversation| !watched.conversations.contains(conversation))
            .cloned()
            .collect();
        for conversation in gone {
            state.typing.remove(&conversation);
            self.feed.tell([nobody_types(conversation)]);
        }
        state
            .receipts
            .retain(|conversation, _| watched.conversations.contains(conversation));
        state.watched = watched;
    }

    /// Whether somebody is at this device.
    pub(crate) fn activity(&self) -> Activity {
        if crate::lock(&self.state).idle {
            Activity::Idle
        } else {
            Activity::Active
        }
    }

    pub(crate) fn set_activity(&self, activity: Activity) {
        crate::lock(&self.state).idle = activity == Activity::Idle;
    }

    /// A key was pressed; says whether the server is to be told, which is so once in an interval.
    pub(crate) fn types(&self, conversation: ConversationId, interval: Duration, now: Instant) -> bool {
        let mut state = crate::lock(&self.state);
        state
            .typing_told
            .retain(|_, told_at| now.saturating_duration_since(*told_at) < interval);
        if state.typing_told.contains_key(&conversation) {
            return false;
        }
        state.typing_told.insert(conversation.clone(), now);
        state.typing_owed.insert(conversation)
    }

    /// The message was sent: the next key begins another one.
    pub(crate) fn types_no_more(&self, conversation: &ConversationId) {
        let mut state = crate::lock(&self.state);
        state.typing_owed.remove(conversation);
        state.typing_told.remove(conversation);
    }

    /// Where the server is to be told that this person types.
    pub(crate) fn take_typing(&self) -> BTreeSet<ConversationId> {
        std::mem::take(&mut crate::lock(&self.state).typing_owed)
    }

    /// Takes in what the server said.
    pub(crate) fn heard(&self, sign: Sign, now: Instant) {
        let mut state = crate::lock(&self.state);
        let change = match sign {
            Sign::Typing { conversation, person } if person != self.me => {
                state.somebody_types(conversation, person, now)
            }
            Sign::Typing { .. } => None,
            Sign::Presence(people) => state.are_there(people),
            Sign::Receipts { conversation, receipts } => state.have_read(conversation, receipts, &self.me),
        };
        self.feed.tell(change);
    }

    /// These people wrote there, and so type no more.
    pub(crate) fn wrote(&self, conversation: &ConversationId, person: &UserId) {
        let mut state = crate::lock(&self.state);
        if let Some(typing) = state.typing.get_mut(conversation)
            && typing.remove(person).is_some()
        {
            self.feed.tell(state.typing_in(conversation));
        }
    }

    /// When somebody stops being said to type.
    pub(crate) fn typing_ends(&self) -> Option<Instant> {
        let state = crate::lock(&self.state);
        state.typing.values().flat_map(BTreeMap::values).min().copied()
    }

    /// Forgets those who typed and went on no more.
    pub(crate) fn end_typing(&self, now: Instant) {
        let mut state = crate::lock(&self.state);
        let over = |typing: &BTreeMap<UserId, Instant>| typing.values().any(|until| *until <= now);
        let ended: Vec<_> = state
            .typing
            .iter()
            .filter(|(_, typing)| over(typing))
            .map(|(id, _)| id.clone())
            .collect();
        for conversation in ended {
            if let Some(typing) = state.typing.get_mut(&conversation) {
                typing.retain(|_, until| *until > now);
            }
            self.feed.tell(state.typing_in(&conversation));
        }
    }

    /// The connection is gone: nobody is known to type, and what was to be told is old when there is another one.
    pub(crate) fn cut(&self) {
        let mut state = crate::lock(&self.state);
        state.typing_owed.clear();
        let typed = std::mem::take(&mut state.typing);
        self.feed.tell(typed.into_keys().map(nobody_types));
    }

    /// There is no connection: nobody's presence is known.
    pub(crate) fn offline(&self) {
        crate::lock(&self.state).presence.clear();
    }

    /// Everyone whose presence is known.
    pub(crate) fn presence(&self) -> Vec<PresenceView> {
        crate::lock(&self.state).presence.values().cloned().collect()
    }

    /// How far others have read, as far as it is known.
    pub(crate) fn receipts(&self, conversation: &ConversationId) -> Vec<ReceiptView> {
        let state = crate::lock(&self.state);
        state.receipts.get(conversation).map(listed).unwrap_or_default()
    }

    /// Everything, for a reader of changes that fell behind.
    pub(crate) fn picture(&self) -> Vec<Change> {
        let state = crate::lock(&self.state);
        let mut picture = vec![Change::Presence {
            people: state.presence.values().cloned().collect(),
        }];
        for conversation in &state.watched.conversations {
            picture.push(Change::Typing {
                conversation: conversation.clone(),
                people: state
                    .typing
                    .get(conversation)
                    .map(|typing| typing.keys().cloned().collect())
                    .unwrap_or_default(),
            });
        }
        for (conversation, receipts) in &state.receipts {
            picture.push(Change::Receipts {
                conversation: conversation.clone(),
                receipts: listed(receipts),
            });
        }
        picture
    }
}

impl State {
    fn somebody_types(&mut self, conversation: ConversationId, person: UserId, now: Instant) -> Option<Change> {
        if !self.watched.conversations.contains(&conversation) {
            return None;
        }
        let typing = self.typing.entry(conversation.clone()).or_default();
        if typing.len() >= MOST_IN_ONE && !typing.contains_key(&person) {
            return None;
        }
        let is_news = typing.insert(person, now + TYPING_SHOWN).is_none();
        is_news.then(|| self.typing_in(&conversation)).flatten()
    }

    /// Who types there, as a change; a conversation where nobody does is kept no longer.
    fn typing_in(&mut self, conversation: &ConversationId) -> Option<Change> {
        let people: Vec<UserId> = self.typing.get(conversation)?.keys().cloned().collect();
        if people.is_empty() {
            self.typing.remove(conversation);
        }
        Some(Change::Typing {
            conversation: conversation.clone(),
            people,
        })
    }

    fn are_there(&mut self, people: Vec<PresenceView>) -> Option<Change> {
        let watched: BTreeSet<&UserId> = self.watched.people.iter().collect();
        let mut different = Vec::new();
        for person in people.into_iter().filter(|person| watched.contains(&person.person)) {
            let held = self.presence.insert(person.person.clone(), person.clone());
            // Of those who are there, when they were last there changes all the time and says nothing.
            let is_online = |person: &PresenceView| person.presence == Presence::Online;
            if !held.is_some_and(|held| held == person || (is_online(&held) && is_online(&person))) {
                different.push(person);
            }
        }
        (!different.is_empty()).then_some(Change::Presence { people: different })
    }

    fn have_read(&mut self, conversation: ConversationId, receipts: Vec<ReceiptView>, me: &UserId) -> Option<Change> {
        if !self.watched.conversations.contains(&conversation) {
            return None;
        }
        let known = self.receipts.entry(conversation.clone()).or_default();
        let before = known.clone();
        for receipt in receipts.into_iter().filter(|receipt| receipt.person != *me) {
            if known.len() < MOST_IN_ONE || known.contains_key(&receipt.person) {
                known.insert(receipt.person, receipt.ordinal);
            }
        }
        (*known != before).then(|| Change::Receipts {
            conversation,
            receipts: listed(known),
        })
    }
}

fn listed(receipts: &BTreeMap<UserId, u64>) -> Vec<ReceiptView> {
    let receipts = receipts.iter();
    receipts
        .map(|(person, ordinal)| ReceiptView {
            person: person.clone(),
            ordinal: *ordinal,
        })
        .collect()
}

fn nobody_types(conversation: ConversationId) -> Change {
    Change::Typing {
        conversation,
        people: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
