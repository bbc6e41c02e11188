//! Changing conversations: members, name, topic, archive.

use protocol::rest::chat::ConversationChange;
use protocol::{Conversation, ConversationId, ErrorCode, UserId, text};

use super::{channel_name, get};
use crate::chat::Chat;
use crate::log::standing::{require_member, require_reader};
use crate::log::{Act, Proposal};
use crate::nodes::allowance::Kind;
use crate::people::require_known;
use crate::refusal::Refusal;

/// Takes one from the conversations that the person may make, join and change now.
pub fn take_turn(chat: &Chat, person: &UserId) -> Result<(), Refusal> {
    chat.allowance
        .take(Kind::Change, person, chat.clock.now())
        .map_err(|wait| {
            let detail = "Too many conversations made, joined or changed in a short time.";
            Refusal::new(ErrorCode::RateLimited, detail).retry_after_ms(wait.0)
        })
}

/// Makes the person a member of a channel they may read.
pub async fn join(chat: &Chat, person: &UserId, id: &ConversationId) -> Result<Conversation, Refusal> {
    take_turn(chat, person)?;
    let add = Act::Add { person: person.clone() };
    carry_out(chat, person, id, add).await?;
    get(chat, person, id).await
}

/// Makes somebody else a member; only members may.
pub async fn add_member(chat: &Chat, person: &UserId, id: &ConversationId, new: UserId) -> Result<(), Refusal> {
    // Whether the conversation may be known at all comes before whether the person exists.
    let desk = chat.open(id).await?;
    desk.look(|record| require_reader(record, person))?;
    if new != *person {
        require_known(chat, [&new]).await?;
    }
    carry_out(chat, person, id, Act::Add { person: new }).await
}

/// Ends somebody's membership, or one's own.
pub async fn remove_member(chat: &Chat, person: &UserId, id: &ConversationId, whom: UserId) -> Result<(), Refusal> {
    carry_out(chat, person, id, Act::Remove { person: whom }).await
}

/// Gives a channel another name or topic, archives it or opens it again.
///
/// One after the other, so when one of them is refused those before it stand: opening comes first, archiving last.
pub async fn change(
    chat: &Chat,
    person: &UserId,
    id: &ConversationId,
    change: ConversationChange,
) -> Result<Conversation, Refusal> {
    let desk = chat.open(id).await?;
    desk.look(|record| require_member(record, person))?;
    let acts = acts_of(change)?;
    take_turn(chat, person)?;
    for act in acts {
        carry_out(chat, person, id, act).await?;
    }
    get(chat, person, id).await
}

fn acts_of(change: ConversationChange) -> Result<Vec<Act>, Refusal> {
    let name = change.name.as_deref().map(channel_name).transpose()?;
    let topic = change.topic.as_deref().map(channel_topic).transpose()?;
    let opening = change.archived.filter(|archived| !archived);
    let archiving = change.archived.filter(|archived| *archived);
    let acts = [
        opening.map(|on| Act::Archive { on }),
        name.map(|name| Act::Rename { name }),
        topic.map(|topic| Act::SetTopic { topic }),
        archiving.map(|on| Act::Archive { on }),
    ];
    Ok(acts.into_iter().flatten().collect())
}

fn channel_topic(topic: &str) -> Result<String, Refusal> {
    text::topic(topic).map_err(|code| {
        let detail = format!(
            "A channel's topic is one line of at most {} characters.",
            text::LONGEST_TOPIC
        );
        Refusal::new(code, detail)
    })
}

async fn carry_out(chat: &Chat, person: &UserId, id: &ConversationId, act: Act) -> Result<(), Refusal> {
    let desk = chat.open(id).await?;
    let author = person.clone();
    desk.carry_out(Proposal { author, act }).await.map(drop)
}
