//! Messages: writing them, what is done to them later, drafts, and how far a person has read.

use client::search::SearchRequest;
use client::view::MessageAct;
use protocol::ConversationId;

use super::table::commands;

commands! { for client:
    send_message(conversation: ConversationId, body: String, reply_to: Option<u64>)
        => client.send_message(conversation, body, reply_to);
    retry_message(client_id: String) => client.retry_message(client_id);
    discard_message(client_id: String) => client.discard_message(client_id);
    save_draft(conversation: ConversationId, text: String) => client.save_draft(conversation, text);
    mark_read(conversation: ConversationId, ordinal: u64) => client.mark_read(conversation, ordinal);
    mark_unread(conversation: ConversationId, ordinal: u64) => client.mark_unread(conversation, ordinal);
    act_on_message(conversation: ConversationId, seq: u64, act: MessageAct)
        => client.act_on_message(conversation, seq, act);
    message_versions(conversation: ConversationId, seq: u64) => client.message_versions(conversation, seq);
    search(request: SearchRequest) => client.search(request);
    pinned_messages(conversation: ConversationId) => client.pinned_messages(conversation);
    mentions(before: Option<String>) => client.mentions(before);
    mentionable(conversation: ConversationId, query: String) => client.mentionable(conversation, query);
    message_link(conversation: ConversationId, seq: u64) => client.message_link(conversation, seq);
}
