//! Writing messages, and doing something to them.

use std::sync::Arc;

use protocol::{ClientId, ConversationId, Entry, ErrorCode, UserId, text};

use crate::chat::Chat;
use crate::log::{Act, Answer, Desk, Proposal, Touch};
use crate::nodes::allowance::Kind;
use crate::refusal::Refusal;

/// A message somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub client_id: ClientId,
    pub body: String,
    /// The seq of the message this one answers.
    pub reply_to: Option<u64>,
    /// The client id of the message this one follows.
    pub after: Option<ClientId>,
}

/// Something somebody wants to do to the message at `target`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touching {
    pub client_id: ClientId,
    pub target: u64,
    pub touch: Touch,
}

/// Takes one send from what the person may send now.
pub fn take_turn(chat: &Chat, author: &UserId) -> Result<(), Refusal> {
    chat.allowance
        .take(Kind::Send, author, chat.clock.now())
        .map_err(|wait| {
            let detail = format!("More than {} messages a second.", chat.limits.sends_per_s);
            Refusal::new(ErrorCode::RateLimited, detail).retry_after_ms(wait.0)
        })
}

/// Checks the text and makes it a proposal; its author types no more.
pub fn propose(
    chat: &Chat,
    author: &UserId,
    conversation: &ConversationId,
    message: Outgoing,
) -> Result<Proposal, Refusal> {
    check_body(chat, &message.body)?;
    chat.typing.ended(author, conversation);
    Ok(Proposal {
        author: author.clone(),
        act: Act::Send {
            client_id: message.client_id,
            body: message.body,
            reply_to: message.reply_to,
            after: message.after,
        },
    })
}

/// Checks what is to be done to a message and makes it a proposal.
pub fn propose_touch(chat: &Chat, author: &UserId, touching: Touching) -> Result<Proposal, Refusal> {
    match &touching.touch {
        Touch::Edit { body } => check_body(chat, body)?,
        Touch::React { emoji, .. } => check_emoji(emoji)?,
        Touch::Delete | Touch::Pin { .. } => {}
    }
    Ok(Proposal {
        author: author.clone(),
        act: Act::Touch {
            client_id: touching.client_id,
            target: touching.target,
            touch: touching.touch,
        },
    })
}

fn check_body(chat: &Chat, body: &str) -> Result<(), Refusal> {
    text::message_body(body, chat.limits.body_bytes as usize).map_err(|code| {
        let detail = match code {
            ErrorCode::BodyEmpty => "Write something first.".to_owned(),
            ErrorCode::BodyTooLong => format!("A message has at most {} bytes.", chat.limits.body_bytes),
            _ => "A message cannot have a NUL character.".to_owned(),
        };
        Refusal::new(code, detail)
    })
}

fn check_emoji(emoji: &str) -> Result<(), Refusal> {
    match text::emoji(emoji) {
        Ok(_) => Ok(()),
        Err(code) => Err(Refusal::new(code, "React with one emoji.")),
    }
}

/// Sends a message and answers the entry it became, now or at an earlier try.
pub async fn send(
    chat: &Chat,
    author: &UserId,
    conversation: &ConversationId,
    message: Outgoing,
) -> Result<Entry, Refusal> {
    take_turn(chat, author)?;
    let proposal = propose(chat, author, conversation, message)?;
    let desk: Arc<Desk> = chat.open(conversation).await?;
    match desk.carry_out(proposal).await? {
        Answer::Stored(entry) => Ok(entry),
        // A message is always stored; this cannot be said of one.
        Answer::Unchanged => Err(Refusal::unavailable()),
    }
}

/// Does something to a message; answers the entry, or none when it was so already.
pub async fn touch(
    chat: &Chat,
    author: &UserId,
    conversation: &ConversationId,
    touching: Touching,
) -> Result<Option<Entry>, Refusal> {
    take_turn(chat, author)?;
    let proposal = propose_touch(chat, author, touching)?;
    let desk = chat.open(conversation).await?;
    desk.carry_out(proposal).await.map(entry_of)
}

/// The entry that an answer brings, if it brings one.
pub fn entry_of(answer: Answer) -> Option<Entry> {
    match answer {
        Answer::Stored(entry) => Some(entry),
        Answer::Unchanged => None,
    }
}
