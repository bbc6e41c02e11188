//! Changing messages: editing, deleting, reacting, pinning. All of it works without a connection (P5).

use protocol::{ClientId, ConversationId, ErrorCode, Limits, UserId};

use super::Client;
use crate::rest::refused_here;
use crate::store::acts::{self, WaitingAct};
use crate::store::{Reading, StoreError, Writing, conversations, entries};
use crate::view::{Failure, MessageAct, MessageView};
use crate::views::Viewer;

/// What an act is, as far as this device can tell.
enum Judged {
    ToBeDone,
    /// It is so already.
    Done,
    Refused(ErrorCode),
}

impl Client {
    /// Edits, deletes, reacts to or pins the message at `seq`. It looks so when this returns; the server hears of it when
    /// it can, whatever happens to this device's power.
    pub async fn act_on_message(&self, conversation: ConversationId, seq: u64, act: MessageAct) -> Result<(), Failure> {
        let shared = self.shared();
        let signed_in = shared.signed_in()?;
        let waiting = WaitingAct {
            client_id: ClientId::from_random(shared.around.random.bits()),
            conversation,
            target: seq,
            act: checked(act, &shared.limits()).map_err(refused_here)?,
            done_at: shared.server_now(),
        };
        let me = signed_in.me.clone();
        let write = move |writing: &mut Writing<'_>| {
            let judged = judge(writing.disk, &waiting, &me)?;
            if matches!(judged, Judged::ToBeDone) {
                acts::add(writing, &waiting)?;
            }
            Ok(judged)
        };
        match signed_in.store.write_through(write).await? {
            Judged::Refused(code) => Err(refused_here(code)),
            Judged::Done => Ok(()),
            Judged::ToBeDone => {
                signed_in.wake.work.notify_one();
                Ok(())
            }
        }
    }
}

fn checked(act: MessageAct, limits: &Limits) -> Result<MessageAct, ErrorCode> {
    match act {
        MessageAct::Edit { body } => {
            protocol::text::message_body(&body, limits.body_bytes as usize)?;
            Ok(MessageAct::Edit { body })
        }
        MessageAct::React { emoji, on } => Ok(MessageAct::React {
            emoji: protocol::text::emoji(&emoji)?,
            on,
        }),
        act => Ok(act),
    }
}

/// What is not held here is for the server to judge.
fn judge(disk: &Reading, waiting: &WaitingAct, me: &UserId) -> Result<Judged, StoreError> {
    let WaitingAct {
        conversation, target, ..
    } = waiting;
    let Some(row) = conversations::row(disk, conversation)? else {
        return Ok(Judged::Refused(ErrorCode::NotFound));
    };
    if row.archived {
        return Ok(Judged::Refused(ErrorCode::Archived));
    }
    let Some(message) = Viewer::new(disk)?.message_at(conversation, *target)? else {
        let is_held = entries::at(disk, conversation, *target)?.is_some();
        return Ok(if is_held {
            Judged::Refused(ErrorCode::NotFound)
        } else {
            Judged::ToBeDone
        });
    };
    let is_in_doubt = entries::stale(disk, conversation, (*target, *target))?.is_some();
    Ok(match &waiting.act {
        MessageAct::Edit { .. } if message.author != *me => Judged::Refused(ErrorCode::Forbidden),
        MessageAct::Delete if message.deleted_by.is_some() => Judged::Done,
        _ if message.deleted_by.is_some() => Judged::Refused(ErrorCode::MessageDeleted),
        act if !is_in_doubt && is_so_already(&message, act) => Judged::Done,
        _ => Judged::ToBeDone,
    })
}

fn is_so_already(message: &MessageView, act: &MessageAct) -> bool {
    match act {
        MessageAct::Edit { body } => message.body == *body,
        MessageAct::Delete => message.deleted_by.is_some(),
        MessageAct::React { emoji, on } => {
            let mine = message.reactions.iter().any(|held| held.mine && held.emoji == *emoji);
            mine == *on
        }
        MessageAct::Pin { on } => message.pinned == *on,
    }
}
