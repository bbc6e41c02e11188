//! Follows what the client says and keeps one note per conversation that deserves one.

use std::collections::HashMap;
use std::sync::Arc;

use client::change::Change;
use client::clock::Clock;
use client::view::{ConversationRow, MessageView, PersonView, Session, TimelineItem};
use client::{Changes, Client};
use protocol::{ConversationId, UserId};
use tokio::time::Instant;

use super::journal::{JournalLine, Outcome};
use super::note::{Source, name_in};
use super::unnamed::Unnamed;
use super::verdict::{Moment, Verdict, verdict};
use super::{Clicks, NoteId, Notifier};
use crate::desk::Desk;
use crate::due::at;
use crate::local_time::LocalTime;

/// Everything that following needs from outside.
pub(crate) struct Follower {
    pub(crate) desk: Desk,
    pub(crate) client: Client,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) local_time: LocalTime,
    pub(crate) state: State,
}

/// What is known, and what is shown.
#[derive(Default)]
pub(crate) struct State {
    me: Option<UserId>,
    rows: HashMap<ConversationId, ConversationRow>,
    people: HashMap<UserId, PersonView>,
    unnamed: Unnamed,
    shown: HashMap<ConversationId, ShownNote>,
}

/// The note of a conversation.
struct ShownNote {
    id: NoteId,
    seq: u64,
    ordinal: u64,
}

impl Follower {
    /// Follows until the client is shut down. `changes` began before anything was read.
    pub(crate) async fn run(mut self, mut changes: Changes, mut clicks: Clicks) {
        self.look_around().await;
        loop {
            let due = self.state.unnamed.due();
            tokio::select! {
                change = changes.next() => match change {
                    Some(change) => self.follow(change).await,
                    None => break,
                },
                Some(id) = clicks.recv() => self.clicked(id).await,
                () = at(due) => self.tell_those_who_waited().await,
            }
        }
        self.withdraw_all().await;
    }

    /// Reads what is there now, at the start and whenever somebody signs in.
    async fn look_around(&mut self) {
        self.state.me = match self.client.session().await {
            Session::SignedIn { me, .. } => Some(me.id),
            Session::SignedOut { .. } => None,
        };
        let rows = self.client.conversations().await.unwrap_or_default();
        self.state.rows = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        let people = self.client.people().await.unwrap_or_default();
        self.state.people = people.into_iter().map(|person| (person.id.clone(), person)).collect();
    }

    async fn follow(&mut self, change: Change) {
        match change {
            Change::Session { .. } => {
                self.state.unnamed.clear();
                self.withdraw_all().await;
                self.look_around().await;
            }
            Change::Conversations { rows } => {
                for row in rows {
                    self.row(row).await;
                }
            }
            Change::ConversationRemoved { conversation } => {
                self.state.rows.remove(&conversation);
                self.withdraw(&conversation).await;
            }
            Change::Appended {
                conversation, items, ..
            } => self.arrived(&conversation, items).await,
            Change::Messages { conversation, messages } => {
                for message in messages.iter().filter(|message| message.deleted_by.is_some()) {
                    if self.shows(&conversation, message.seq) {
                        self.withdraw(&conversation).await;
                    }
                }
            }
            Change::People { people } => {
                let known = people.into_iter().map(|person| (person.id.clone(), person));
                self.state.people.extend(known);
                self.tell_those_who_waited().await;
            }
            _ => {}
        }
    }

    async fn row(&mut self, row: ConversationRow) {
        let read = self
            .state
            .shown
            .get(&row.id)
            .is_some_and(|note| note.ordinal <= row.read_ordinal);
        if read {
            self.withdraw(&row.id).await;
        }
        self.state.rows.insert(row.id.clone(), row);
    }

    async fn arrived(&mut self, conversation: &ConversationId, items: Vec<TimelineItem>) {
        for item in items {
            let TimelineItem::Message(message) = item else {
                continue;
            };
            let is_known = self.state.people.contains_key(&message.author);
            let now = Instant::now();
            if let Some(message) = self.state.unnamed.hold(conversation, message, is_known, now) {
                self.message(conversation, &message).await;
            }
        }
    }

    /// Tells of messages whose authors have names by now, or waited long enough for one.
    async fn tell_those_who_waited(&mut self) {
        let people = &self.state.people;
        let told = self
            .state
            .unnamed
            .take(Instant::now(), |author| people.contains_key(author));
        for (conversation, message) in told {
            self.message(&conversation, &message).await;
        }
    }

    async fn message(&mut self, conversation: &ConversationId, message: &MessageView) {
        let (Some(me), Some(row)) = (self.state.me.clone(), self.state.rows.get(conversation).cloned()) else {
            return;
        };
        let preferences = self.desk.preferences().get();
        let sight = self.desk.window().sight().borrow().clone();
        let mut moment = Moment {
            me: &me,
            preferences: &preferences,
            sight: &sight,
            locked: false,
            now: self.clock.now(),
            minute: (self.local_time)(),
        };
        let mut decided = verdict(&row, message, &moment);
        if decided.depends_on_the_lock() {
            // Only here, for it asks other programs, and after a night most messages need no answer.
            moment.locked = self.notifier.screen_is_locked().await;
            decided = verdict(&row, message, &moment);
        }
        let outcome = match decided {
            Verdict::Not(why) => Outcome::Silent { why },
            Verdict::Show { content, sound } => self.show(&row, message, (content, sound)).await,
        };
        self.desk.journal().write(JournalLine {
            at: self.clock.now(),
            conversation: conversation.clone(),
            seq: message.seq,
            outcome,
        });
    }

    async fn show(&mut self, row: &ConversationRow, message: &MessageView, (content, sound): (bool, bool)) -> Outcome {
        let note = Source {
            words: &self.desk.words().get(),
            row,
            message,
            name_of: &|person| name_in(&self.state.people, person),
        }
        .note(content, sound);
        let replaced = self.state.shown.get(&row.id).map(|shown| shown.id);
        match self.notifier.show(&note, replaced).await {
            Ok(id) => {
                let (seq, ordinal) = (message.seq, message.ordinal);
                self.state.shown.insert(row.id.clone(), ShownNote { id, seq, ordinal });
                Outcome::Shown { content }
            }
            Err(problem) => {
                tracing::warn!(%problem, "a notification could not be shown");
                Outcome::Failed { problem }
            }
        }
    }

    /// Opens the message of the note, in a window that comes to the front.
    async fn clicked(&mut self, id: NoteId) {
        let clicked = self.state.shown.iter().find(|(_, note)| note.id == id);
        let Some((conversation, seq)) = clicked.map(|(conversation, note)| (conversation.clone(), note.seq)) else {
            // A test note, or one of a session that ended: the app is what it stands for.
            return self.desk.open(None);
        };
        self.state.shown.remove(&conversation);
        match self.client.message_link(conversation, seq).await {
            Ok(link) => self.desk.open(Some(link)),
            Err(_) => self.desk.open(None),
        }
    }

    fn shows(&self, conversation: &ConversationId, seq: u64) -> bool {
        self.state.shown.get(conversation).is_some_and(|note| note.seq == seq)
    }

    async fn withdraw(&mut self, conversation: &ConversationId) {
        if let Some(note) = self.state.shown.remove(conversation) {
            self.notifier.withdraw(note.id).await;
        }
    }

    async fn withdraw_all(&mut self) {
        for (_, note) in std::mem::take(&mut self.state.shown) {
            self.notifier.withdraw(note.id).await;
        }
    }
}
