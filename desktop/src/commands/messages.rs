//! Writing: messages on their way, drafts, and how far a person has read.

use client::view::{Failure, PendingMessage};
use protocol::ConversationId;
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn send_message(
    client: State<'_, OpenClient>,
    conversation: ConversationId,
    body: String,
) -> Result<PendingMessage, Failure> {
    client.ready().await?.send_message(conversation, body).await
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
