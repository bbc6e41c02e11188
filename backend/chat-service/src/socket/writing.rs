//! Frames that want an entry written: what they say, as proposals in the order in which they came.

use protocol::ConversationId;
use protocol::frame::ClientFrame;

use super::connection::Connection;
use crate::log::Touch;
use crate::messages::{self, Outgoing, Touching};

/// What a frame wants written, and where.
pub(super) struct Writing {
    id: u64,
    conversation: ConversationId,
    what: What,
}

enum What {
    Message(Outgoing),
    Touch(Touching),
}

impl Writing {
    /// What the frame wants written; gives it back when it wants something else.
    pub(super) fn of(frame: ClientFrame) -> Result<Self, ClientFrame> {
        let (id, conversation, client_id, target, touch) = match frame {
            ClientFrame::Send {
                id,
                conversation,
                client_id,
                body,
                reply_to,
                after,
            } => {
                let what = What::Message(Outgoing {
                    client_id,
                    body,
                    reply_to,
                    after,
                });
                return Ok(Self { id, conversation, what });
            }
            ClientFrame::Edit {
                id,
                conversation,
                client_id,
                target,
                body,
            } => (id, conversation, client_id, target, Touch::Edit { body }),
            ClientFrame::Delete {
                id,
                conversation,
                client_id,
                target,
            } => (id, conversation, client_id, target, Touch::Delete),
            ClientFrame::React {
                id,
                conversation,
                client_id,
                target,
                emoji,
                on,
            } => (id, conversation, client_id, target, Touch::React { emoji, on }),
            ClientFrame::Pin {
                id,
                conversation,
                client_id,
                target,
                on,
            } => (id, conversation, client_id, target, Touch::Pin { on }),
            other => return Err(other),
        };
        let what = What::Touch(Touching {
            client_id,
            target,
            touch,
        });
        Ok(Self { id, conversation, what })
    }
}

impl Connection {
    /// Queues what a frame wants written, or refuses it at once.
    pub(super) fn write(&mut self, writing: Writing) {
        let Writing { id, conversation, what } = writing;
        if !self.may_ask(id) {
            return;
        }
        let (chat, user) = (&self.app.chat, &self.signal.user);
        let proposed = messages::take_turn(chat, user).and_then(|()| match what {
            What::Message(message) => messages::propose(chat, user, &conversation, message),
            What::Touch(touching) => messages::propose_touch(chat, user, touching),
        });
        match proposed {
            Ok(proposal) => self.queue(id, conversation, proposal),
            Err(refusal) => self.refuse(id, refusal),
        }
    }
}
