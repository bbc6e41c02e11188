//! Live signs that a client gives: that it is there, how its device is used, that its person types.

use std::sync::Arc;

use protocol::frame::ServerFrame;
use protocol::{Activity, ConversationId};

use super::connection::{Connection, Done};
use super::requests::refused;
use crate::fanout::signal::Close;
use crate::read_marks::take_turn;
use crate::typing;

impl Connection {
    /// The person is there from now on, once: a second hello after a failed one changes nothing.
    pub(super) fn come(&mut self) {
        if self.activity.is_none() {
            let began = self.app.chat.presences.came(&self.signal.user, &self.signal.session);
            self.activity = Some(began);
        }
    }

    /// The socket is there no more. Whoever is not coming back is gone at once, others only after a while.
    pub(super) fn go(&mut self, reason: Option<&Close>) {
        let presences = &self.app.chat.presences;
        let (user, session) = (&self.signal.user, &self.signal.session);
        if let Some(activity) = self.activity.take() {
            presences.went(user, session, activity);
        }
        if reason == Some(&Close::SessionEnded) {
            presences.ended(user, session);
        }
    }

    /// The device is used otherwise from now on.
    pub(super) fn status(&mut self, id: u64, activity: Activity) {
        let (chat, user) = (&self.app.chat, &self.signal.user);
        if let Err(refusal) = take_turn(chat, user) {
            return self.refuse(id, refusal);
        }
        if let Some(before) = self.activity.replace(activity) {
            chat.presences.acts(user, &self.signal.session, (before, activity));
        }
        self.push(&ServerFrame::Ack { id, entry: None });
    }

    /// The person types.
    pub(super) fn typing(&mut self, id: u64, conversation: ConversationId) {
        self.unanswered += 1;
        let (chat, user) = (Arc::clone(&self.app.chat), self.signal.user.clone());
        self.pending.push(Box::pin(async move {
            Done::Answered(match typing::note(&chat, &user, &conversation).await {
                Ok(()) => ServerFrame::Ack { id, entry: None },
                Err(refusal) => refused(id, refusal),
            })
        }));
    }
}
