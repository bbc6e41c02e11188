//! Writing a message.

use std::sync::Arc;

use protocol::{ClientId, ConversationId, Entry, ErrorCode, UserId, text};

use crate::chat::Chat;
use crate::log::{Act, Answer, Desk, Proposal};
use crate::refusal::Refusal;

/// A message somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub client_id: ClientId,
    pub body: String,
    /// The client id of the message this one follows.
    pub after: Option<ClientId>,
}

/// Takes one send from what the person may send now.
pub fn take_turn(chat: &Chat, author: &UserId) -> Result<(), Refusal> {
    chat.sends.take(author, chat.clock.now()).map_err(|wait| {
        let detail = format!("More than {} messages a second.", chat.limits.sends_per_s);
        Refusal::new(ErrorCode::RateLimited, detail).retry_after_ms(wait.0)
    })
}

/// Checks the text and makes it a proposal.
pub fn propose(chat: &Chat, author: &UserId, message: Outgoing) -> Result<Proposal, Refusal> {
    text::message_body(&message.body, chat.limits.body_bytes as usize).map_err(|code| {
        let detail = match code {
            ErrorCode::BodyEmpty => "Write something first.".to_owned(),
            ErrorCode::BodyTooLong => format!("A message has at most {} bytes.", chat.limits.body_bytes),
            _ => "A message cannot have a NUL character.".to_owned(),
        };
        Refusal::new(code, detail)
    })?;
    Ok(Proposal {
        author: author.clone(),
        act: Act::Send {
            client_id: message.client_id,
            body: message.body,
            after: message.after,
        },
    })
}

/// Sends a message and answers the entry it became, now or at an earlier try.
pub async fn send(
    chat: &Chat,
    author: &UserId,
    conversation: &ConversationId,
    message: Outgoing,
) -> Result<Entry, Refusal> {
    take_turn(chat, author)?;
    let proposal = propose(chat, author, message)?;
    let desk: Arc<Desk> = chat.open(conversation).await?;
    entry_of(desk.carry_out(proposal).await)
}

/// The entry of a send that was carried out.
pub fn entry_of(answer: Result<Answer, Refusal>) -> Result<Entry, Refusal> {
    match answer? {
        Answer::Stored(entry) => Ok(entry),
        // A message is always stored; this cannot be said of one.
        Answer::Unchanged => Err(Refusal::unavailable()),
    }
}
