//! Live signs: who types, who is there, and what of it this window wants to know.

use protocol::{Activity, ConversationId, UserId};

use super::table::commands;

commands! { for desk:
    typing(conversation: ConversationId) => |desk| desk.client().await?.typing(conversation).await;
    watch(conversations: Vec<ConversationId>, people: Vec<UserId>) => |desk| {
        desk.window().watches(&conversations);
        desk.client().await?.watch(conversations, people).await
    };
    set_activity(activity: Activity) => |desk| desk.client().await?.set_activity(activity).await;
    presence() => |desk| desk.client().await?.presence().await;
}
