//! Conversations, channels and who is in them.

use protocol::{ConversationId, NotificationLevel, UserId, Visibility};

use super::table::commands;

commands! { for client:
    conversations() => client.conversations();
    open_conversation(conversation: ConversationId) => client.open_conversation(conversation);
    earlier(conversation: ConversationId, before: u64) => client.earlier(conversation, before);
    later(conversation: ConversationId, after: u64) => client.later(conversation, after);
    around(conversation: ConversationId, seq: u64) => client.around(conversation, seq);
    start_conversation(with: Vec<UserId>) => client.start_conversation(with);
    find_channels(query: String) => client.find_channels(query);
    create_channel(name: String, visibility: Visibility) => client.create_channel(name, visibility);
    join_channel(conversation: ConversationId) => client.join_channel(conversation);
    leave_channel(conversation: ConversationId) => client.leave_channel(conversation);
    rename_channel(conversation: ConversationId, name: String) => client.rename_channel(conversation, name);
    set_topic(conversation: ConversationId, topic: String) => client.set_topic(conversation, topic);
    set_level(conversation: ConversationId, level: Option<NotificationLevel>) => client.set_level(conversation, level);
    set_archived(conversation: ConversationId, on: bool) => client.set_archived(conversation, on);
    channel_members(conversation: ConversationId) => client.channel_members(conversation);
    add_member(conversation: ConversationId, person: UserId) => client.add_member(conversation, person);
    remove_member(conversation: ConversationId, person: UserId) => client.remove_member(conversation, person);
}
