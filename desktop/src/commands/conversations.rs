//! Conversations, channels and who is in them.

use client::view::{ChannelRow, ConversationRow, Failure, OpenConversation, PersonView, TimelinePage};
use protocol::{ConversationId, UserId, Visibility};
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn conversations(client: State<'_, OpenClient>) -> Result<Vec<ConversationRow>, Failure> {
    client.ready().await?.conversations().await
}

#[tauri::command]
pub(crate) async fn open_conversation(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
) -> Result<OpenConversation, Failure> {
    client.ready().await?.open_conversation(conversation).await
}

#[tauri::command]
pub(crate) async fn earlier(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    before: u64,
) -> Result<TimelinePage, Failure> {
    client.ready().await?.earlier(conversation, before).await
}

#[tauri::command]
pub(crate) async fn start_conversation(
    client: State<'_, OpenClient>,
    with: Vec<UserId>,
) -> Result<ConversationRow, Failure> {
    client.ready().await?.start_conversation(with).await
}

#[tauri::command]
pub(crate) async fn find_channels(client: State<'_, OpenClient>, query: String) -> Result<Vec<ChannelRow>, Failure> {
    client.ready().await?.find_channels(query).await
}

#[tauri::command]
pub(crate) async fn create_channel(
    client: State<'_, OpenClient>,
    name: String,
    visibility: Visibility,
) -> Result<ConversationRow, Failure> {
    client.ready().await?.create_channel(name, visibility).await
}

#[tauri::command]
pub(crate) async fn join_channel(client: State<'_, OpenClient>, conversation: ConversationId) -> Result<(), Failure> {
    client.ready().await?.join_channel(conversation).await
}

#[tauri::command]
pub(crate) async fn leave_channel(client: State<'_, OpenClient>, conversation: ConversationId) -> Result<(), Failure> {
    client.ready().await?.leave_channel(conversation).await
}

#[tauri::command]
pub(crate) async fn rename_channel(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    name: String,
) -> Result<(), Failure> {
    client.ready().await?.rename_channel(conversation, name).await
}

#[tauri::command]
pub(crate) async fn channel_members(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
) -> Result<Vec<PersonView>, Failure> {
    client.ready().await?.channel_members(conversation).await
}

#[tauri::command]
pub(crate) async fn add_member(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    person: UserId,
) -> Result<(), Failure> {
    client.ready().await?.add_member(conversation, person).await
}

#[tauri::command]
pub(crate) async fn remove_member(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    person: UserId,
) -> Result<(), Failure> {
    client.ready().await?.remove_member(conversation, person).await
}

#[tauri::command]
pub(crate) async fn later(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    after: u64,
) -> Result<TimelinePage, Failure> {
    client.ready().await?.later(conversation, after).await
}

#[tauri::command]
pub(crate) async fn around(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    seq: u64,
) -> Result<TimelinePage, Failure> {
    client.ready().await?.around(conversation, seq).await
}

#[tauri::command]
pub(crate) async fn set_topic(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    topic: String,
) -> Result<(), Failure> {
    client.ready().await?.set_topic(conversation, topic).await
}

#[tauri::command]
pub(crate) async fn set_archived(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    on: bool,
) -> Result<(), Failure> {
    client.ready().await?.set_archived(conversation, on).await
}
