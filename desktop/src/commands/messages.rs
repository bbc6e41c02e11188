//! Messages: writing them, what is done to them later, drafts, and how far a person has read.

use client::view::{Failure, MessageAct, MessageView, PendingMessage};
use protocol::ConversationId;
use protocol::rest::chat::Version;
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn send_message(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    body: String,
    reply_to: Option<u64>,
) -> Result<PendingMessage, Failure> {
    client.ready().await?.send_message(conversation, body, reply_to).await
}

#[tauri::command]
pub(crate) async fn retry_message(client: State<'_, OpenClient>, client_id: String) -> Result<(), Failure> {
    client.ready().await?.retry_message(client_id).await
}

#[tauri::command]
pub(crate) async fn discard_message(client: State<'_, OpenClient>, client_id: String) -> Result<(), Failure> {
    client.ready().await?.discard_message(client_id).await
}

#[tauri::command]
pub(crate) async fn save_draft(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    text: String,
) -> Result<(), Failure> {
    client.ready().await?.save_draft(conversation, text).await
}

#[tauri::command]
pub(crate) async fn mark_read(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    ordinal: u64,
) -> Result<(), Failure> {
    client.ready().await?.mark_read(conversation, ordinal).await
}

#[tauri::command]
pub(crate) async fn mark_unread(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    ordinal: u64,
) -> Result<(), Failure> {
    client.ready().await?.mark_unread(conversation, ordinal).await
}

#[tauri::command]
pub(crate) async fn act_on_message(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    seq: u64,
    act: MessageAct,
) -> Result<(), Failure> {
    client.ready().await?.act_on_message(conversation, seq, act).await
}

#[tauri::command]
pub(crate) async fn message_versions(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    seq: u64,
) -> Result<Vec<Version>, Failure> {
    client.ready().await?.message_versions(conversation, seq).await
}

#[tauri::command]
pub(crate) async fn pinned_messages(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
) -> Result<Vec<MessageView>, Failure> {
    client.ready().await?.pinned_messages(conversation).await
}

#[tauri::command]
pub(crate) async fn message_link(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    seq: u64,
) -> Result<String, Failure> {
    client.ready().await?.message_link(conversation, seq).await
}
